/** Tells everything that shows figures to ask again: throttled, and never while the page is hidden. */
import { createThrottle } from "./throttle";

const PAUSE_MS = 250;

/** The list of what is to be asked again. */
export interface Reloader {
  /** Adds a loader; the answer removes it. */
  add(load: () => Promise<void>): () => void;
  /** Asks again: at once when idle, a moment later when just done, on return when hidden. */
  request(): void;
  /** Asks again now, whatever was done before. */
  now(): Promise<void>;
  /** When what is asked now is answered; at once where nothing is. */
  settled(): Promise<void>;
  stop(): void;
}

/** Makes the list. */
export function createReloader(pauseMs = PAUSE_MS): Reloader {
  const loaders = new Set<() => Promise<void>>();
  let missed = false;
  let asked: Promise<void> = Promise.resolve();
  const run = () => {
    asked = Promise.all([...loaders].map((load) => load())).then(() => undefined);
    return asked;
  };
  const throttle = createThrottle(run, pauseMs);
  const onVisible = () => {
    if (document.hidden || !missed) return;
    missed = false;
    throttle.call();
  };
  document.addEventListener("visibilitychange", onVisible);
  return {
    add(load) {
      loaders.add(load);
      return () => loaders.delete(load);
    },
    request() {
      if (document.hidden) missed = true;
      else throttle.call();
    },
    now: run,
    settled: () => asked.catch(() => undefined),
    stop() {
      throttle.cancel();
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}
