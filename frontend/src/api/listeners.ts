/** Subscriptions by event name, shared by both transports. */
import { isEventName, type EventHandler, type Unsubscribe } from "./client";
import type { EventName, EventPayloads } from "./types";

/** Handlers of pushed events and of the connection's state. */
export class Listeners {
  private readonly handlers = new Map<EventName, Set<(payload: unknown) => void>>();
  private readonly watchers = new Set<(connected: boolean) => void>();
  private connected = true;

  /** Adds a handler for an event. */
  on<E extends EventName>(name: E, handler: EventHandler<E>): Unsubscribe {
    const deliver = (payload: unknown) => handler(payload as EventPayloads[E]);
    const set = this.handlers.get(name) ?? new Set();
    this.handlers.set(name, set.add(deliver));
    return () => set.delete(deliver);
  }

  /** Hands a payload to the handlers of a known event; unknown names are passed over. */
  emit(name: string, payload: unknown): void {
    if (isEventName(name)) this.handlers.get(name)?.forEach((deliver) => deliver(payload));
  }

  /** Adds a watcher of the connection and tells it the present state. */
  watch(handler: (connected: boolean) => void): Unsubscribe {
    this.watchers.add(handler);
    handler(this.connected);
    return () => this.watchers.delete(handler);
  }

  /** Tells the watchers when the state changed. */
  setConnected(connected: boolean): void {
    if (connected === this.connected) return;
    this.connected = connected;
    this.watchers.forEach((handler) => handler(connected));
  }
}
