/** Long tasks of the backend: how far the running one is, and what it gave. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { toApiError, type ApiError, type Transport } from "../api/client";
import { download } from "../api/files";
import type { JobAnswer, JobStatus } from "../api/types";

/** How often a running task is looked at, should its events be lost. */
const WATCH_MS = 1_000;

/** The running or the last task, and how to begin one. */
export interface Jobs {
  job: ReadonlySignal<JobStatus | null>;
  running: ReadonlySignal<boolean>;
  /** The number of the last task that ended; 0 before any did. */
  ended: ReadonlySignal<number>;
  /** Why the last beginning was refused; null where it was not. */
  refused: ReadonlySignal<ApiError | null>;
  /** Begins a task; a file that it makes for this page is fetched when it is done. */
  start(begin: () => Promise<JobAnswer | null>): Promise<void>;
  /** Looks whether a task runs that was begun before this page was opened. */
  resume(): Promise<void>;
  cancel(): Promise<void>;
  /** Forgets what the last task said. */
  dismiss(): void;
  stop(): void;
}

/** Makes the tasks; `onEnd` hears of every task that ends, whoever began it. */
export function createJobs(transport: Transport, onEnd: (job: JobStatus) => void): Jobs {
  const job = signal<JobStatus | null>(null);
  const refused = signal<ApiError | null>(null);
  const ended = signal(0);
  const mine = new Set<number>();
  const running = computed(() => job.value?.state === "running");

  const fetchFile = (status: JobStatus) => {
    if (status.result?.download && mine.delete(status.id)) download(status.result.download);
  };
  const take = (next: JobStatus | null) => {
    const known = job.peek();
    // An answer may be older than an event that came before it.
    if (next === null || (known !== null && (next.id < known.id || (next.id === known.id && known.state !== "running")))) return;
    job.value = next;
    if (next.state === "running") return;
    ended.value = next.id;
    onEnd(next);
    fetchFile(next);
  };
  const look = () => transport.invoke("jobs.get", {}).then((answer) => take(answer.job), () => undefined);
  const ends = [
    transport.onEvent("job-updated", take),
    effect(() => {
      if (!running.value) return undefined;
      const timer = setInterval(() => void look(), WATCH_MS);
      return () => clearInterval(timer);
    }),
  ];
  return {
    job,
    running,
    ended,
    refused,
    async start(begin) {
      refused.value = null;
      try {
        const answer = await begin();
        if (!answer?.job) return;
        mine.add(answer.job.id);
        take(answer.job);
        const known = job.peek();
        if (known?.id === answer.job.id && known.state === "done") fetchFile(known);
      } catch (thrown) {
        refused.value = toApiError(thrown);
      }
    },
    async resume() {
      if (running.peek()) return;
      await transport.invoke("jobs.get", {}).then((answer) => answer.job?.state === "running" && take(answer.job), () => undefined);
    },
    async cancel() {
      await transport.invoke("jobs.cancel", {}).then((answer) => take(answer.job), () => undefined);
    },
    dismiss() {
      refused.value = null;
      if (!running.peek()) job.value = null;
    },
    stop: () => ends.forEach((end) => end()),
  };
}
