/** A list of prompts that grows downwards page by page; what is new comes on top and moves nothing that is open. */
import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import { toApiError, type ApiError } from "../../api/client";
import type { Filter, PromptRow, PromptsPage, PromptsRequest } from "../../api/types";
import { seen } from "../../lib/privacy";
import type { Reloader } from "../../state/reload";

/** What is asked for, beside the page. */
export type PromptsQuestion = Filter & Pick<PromptsRequest, "project" | "session">;

/** The prompts that are known so far. */
export interface PromptList {
  /** Null before the first answer. */
  rows: ReadonlySignal<readonly PromptRow[] | null>;
  /** False where the settings say that no prompt is read. */
  on: ReadonlySignal<boolean>;
  hasMore: ReadonlySignal<boolean>;
  error: ReadonlySignal<ApiError | null>;
  loading: ReadonlySignal<boolean>;
  /** True while what is shown answers an older question. */
  outdated: ReadonlySignal<boolean>;
  loadMore(): Promise<void>;
  reload(): Promise<void>;
  stop(): void;
}

interface Parts {
  question: ReadonlySignal<PromptsQuestion | null>;
  reloader: Reloader;
  limit: number;
  fetch(request: PromptsRequest): Promise<PromptsPage>;
}

interface Known {
  rows: readonly PromptRow[];
  next: string | null;
  on: boolean;
}

/** A fresh first page with the older prompts that were there below it; only the page where they do not meet. */
export function joined(known: Known | null, page: PromptsPage): Known {
  const last = page.rows[page.rows.length - 1];
  const at = known === null || last === undefined ? -1 : known.rows.findIndex((row) => row.id === last.id);
  if (known === null || at < 0 || page.next === null || at === known.rows.length - 1) return page;
  return { rows: [...page.rows, ...known.rows.slice(at + 1)], next: known.next, on: page.on };
}

/** Makes the list. A late answer to an older question is dropped. */
export function createPromptList({ question, reloader, limit, fetch }: Parts): PromptList {
  const known = signal<Known | null>(null);
  const shownKey = signal<string | null>(null);
  const error = signal<ApiError | null>(null);
  const loading = signal(false);
  const key = computed(() => (question.value === null ? null : JSON.stringify(question.value)));
  let newest = 0;

  const ask = async (after: string | null, take: (page: PromptsPage) => void) => {
    const wanted = question.peek();
    const asked = key.peek();
    if (wanted === null) return;
    const id = ++newest;
    loading.value = true;
    try {
      const page = await fetch({ ...wanted, after, limit });
      if (id !== newest) return;
      take(page);
      shownKey.value = asked;
      error.value = null;
    } catch (thrown) {
      if (id === newest) error.value = toApiError(thrown);
    } finally {
      if (id === newest) loading.value = false;
    }
  };
  const reload = () => {
    const before = key.peek() === shownKey.peek() ? known.peek() : null;
    return ask(null, (page) => (known.value = joined(before, page)));
  };
  const loadMore = async () => {
    const before = known.peek();
    if (before === null || before.next === null || loading.peek()) return;
    await ask(before.next, (page) => (known.value = { ...page, rows: [...before.rows, ...page.rows] }));
  };
  const ends = [
    reloader.add(reload),
    effect(() => {
      if (key.value !== null) void untracked(reload);
    }),
  ];
  return {
    rows: computed(() => (known.value === null ? null : seen(known.value.rows))),
    on: computed(() => known.value?.on ?? true),
    hasMore: computed(() => known.value !== null && known.value.next !== null),
    error,
    loading,
    outdated: computed(() => known.value !== null && shownKey.value !== key.value),
    loadMore,
    reload,
    stop: () => ends.forEach((end) => end()),
  };
}
