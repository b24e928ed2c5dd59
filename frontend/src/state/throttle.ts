/** Limits how often something runs: at once when idle, then once more at the end of the pause. */

/** A throttled action. */
export interface Throttle {
  /** Runs now when idle, else once when the pause and the running call are over. */
  call(): void;
  /** Drops what is waiting. */
  cancel(): void;
}

/** Runs `action` at most once per `pauseMs`, never twice at the same time. */
export function createThrottle(action: () => Promise<void> | void, pauseMs: number): Throttle {
  let waiting = false;
  let running = false;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const settle = () => {
    if (running || timer !== null || !waiting) return;
    waiting = false;
    start();
  };
  const start = () => {
    running = true;
    timer = setTimeout(() => {
      timer = null;
      settle();
    }, pauseMs);
    void Promise.resolve(action()).finally(() => {
      running = false;
      settle();
    });
  };
  return {
    call() {
      waiting = true;
      settle();
    },
    cancel() {
      waiting = false;
    },
  };
}
