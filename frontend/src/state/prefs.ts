/** The settings: changed on the page at once, saved by the backend a moment later. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { toApiError, type ApiError, type Transport } from "../api/client";
import type { Settings } from "../api/types";

const SAVE_AFTER_MS = 400;

/** The settings and how to change them. */
export interface Prefs {
  settings: ReadonlySignal<Settings>;
  /** The settings as the backend has them. */
  saved: ReadonlySignal<Settings>;
  /** Changes settings now and saves them soon; quick changes are saved together. */
  change(patch: Partial<Settings>): void;
  /** Saves settings first and changes them only when the backend takes them; the answer is why it did not. */
  save(patch: Partial<Settings>): Promise<ApiError | null>;
  /** Takes over what the backend says, except what is still to be saved. */
  restore(settings: Settings): void;
  /** Saves what waits, now. */
  flush(): Promise<void>;
  /** Saves what waits without a turn: the page may be gone before it comes. */
  leave(): void;
  /** Runs a write after all that were asked for before it, so that no answer is overtaken by an older one. */
  inTurn<T>(write: () => Promise<T>): Promise<T>;
}

/** Makes the settings; `onError` hears why a change was not saved. */
export function createPrefs(transport: Transport, initial: Settings, onError: (error: ApiError) => void): Prefs {
  const settings = signal(initial);
  const saved = signal(initial);
  let waiting: Partial<Settings> = {}; // until the timer ends
  let queued: Partial<Settings>[] = []; // until it is their turn
  let sending: Partial<Settings>[] = []; // until they are answered
  let timer: ReturnType<typeof setTimeout> | null = null;
  let queue: Promise<void> = Promise.resolve();

  const overlay = (): Partial<Settings> => Object.assign({}, ...sending, ...queued, waiting);
  const save = async (patch: Partial<Settings>) => {
    sending.push(patch);
    try {
      saved.value = await transport.invoke("settings.set", { values: { ...patch } });
    } catch (thrown) {
      onError(toApiError(thrown));
    }
    sending = sending.filter((one) => one !== patch);
    settings.value = { ...saved.value, ...overlay() };
  };
  const takeWaiting = (): Partial<Settings> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const patch = waiting;
    waiting = {};
    return patch;
  };
  const saveInTurn = async (patch: Partial<Settings>) => {
    if (!queued.includes(patch)) return; // it went with all others when the page was left
    queued = queued.filter((one) => one !== patch);
    await save(patch);
  };
  const flush = () => {
    const patch = takeWaiting();
    if (Object.keys(patch).length === 0) return queue;
    queued.push(patch);
    queue = queue.then(() => saveInTurn(patch));
    return queue;
  };
  const leave = () => {
    const patch: Partial<Settings> = Object.assign({}, ...queued, takeWaiting());
    queued = [];
    if (Object.keys(patch).length === 0) return;
    queue = Promise.all([queue, save(patch)]).then(() => undefined);
  };
  const inTurn = <T>(write: () => Promise<T>): Promise<T> => {
    const answer = flush().then(write);
    queue = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer;
  };
  return {
    settings,
    saved,
    change(patch) {
      settings.value = { ...settings.value, ...patch };
      waiting = { ...waiting, ...patch };
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void flush(), SAVE_AFTER_MS);
    },
    async save(patch) {
      try {
        saved.value = await inTurn(() => transport.invoke("settings.set", { values: { ...patch } }));
      } catch (thrown) {
        return toApiError(thrown);
      }
      settings.value = { ...saved.value, ...overlay() };
      return null;
    },
    restore(next) {
      saved.value = next;
      settings.value = { ...next, ...overlay() };
    },
    flush,
    leave,
    inTurn,
  };
}
