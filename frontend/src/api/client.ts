/** The one way to the backend: typed commands out, named events in. Two transports implement it (bridge.ts, http.ts). */
import type { CommandName, Commands, ErrorInfo, EventName, EventPayloads } from "./types";

/** What a command asks for. */
export type RequestOf<C extends CommandName> = Commands[C]["request"];
/** What a command answers. */
export type ResponseOf<C extends CommandName> = Commands[C]["response"];

const EVENTS: Record<EventName, true> = {
  "usage-updated": true,
  "ingest-progress": true,
  "limits-updated": true,
  "job-updated": true,
  "settings-changed": true,
  alert: true,
  navigate: true,
  "alerts-updated": true,
};

/** Whether a name is that of a pushed event. */
export const isEventName = (name: string): name is EventName => Object.hasOwn(EVENTS, name);
/** The names of all pushed events. */
export const EVENT_NAMES: readonly EventName[] = Object.keys(EVENTS).filter(isEventName);
/** Takes the payload of a pushed event. */
export type EventHandler<E extends EventName> = (payload: EventPayloads[E]) => void;
/** Ends a subscription. */
export type Unsubscribe = () => void;

/** A connection to the backend. */
export interface Transport {
  /** Runs a command; rejects with an ApiError only. */
  invoke<C extends CommandName>(name: C, request: RequestOf<C>): Promise<ResponseOf<C>>;
  /** Listens to a pushed event. */
  onEvent<E extends EventName>(name: E, handler: EventHandler<E>): Unsubscribe;
  /** Hears whether the backend can be reached; called at once with what is known. */
  onConnection(handler: (connected: boolean) => void): Unsubscribe;
}

/** Why a command failed, in words that can be shown. */
export class ApiError extends Error {
  readonly code: string;
  readonly details: ErrorInfo["details"];

  constructor(code: string, message: string, details: ErrorInfo["details"] = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.details = details;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Reads `{"error": {...}}`; null where the value is not of that shape. */
export function readError(value: unknown): ApiError | null {
  if (!isRecord(value) || !isRecord(value["error"])) return null;
  const { code, message, details } = value["error"];
  return new ApiError(
    typeof code === "string" ? code : "error",
    typeof message === "string" ? message : "The program reported an error without words.",
    isRecord(details) ? readDetails(details) : {},
  );
}

function readDetails(details: Record<string, unknown>): ErrorInfo["details"] {
  const known: ErrorInfo["details"] = {};
  for (const [key, value] of Object.entries(details)) {
    if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") known[key] = value;
    else if (Array.isArray(value)) known[key] = value.map(String);
  }
  return known;
}

/** Any thrown value as an ApiError, so that no failure loses its words. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof Error) return new ApiError("unexpected", thrown.message);
  return new ApiError("unexpected", String(thrown));
}
