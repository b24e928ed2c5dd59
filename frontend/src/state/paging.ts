/** A list that the backend pages through: its question, its page, and the rows that answer. */
import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import type { Filter } from "../api/types";
import type { Reloader } from "./reload";
import { createResource, type Resource } from "./resource";

/** A page of something. */
interface Page {
  total: number;
  offset: number;
}

/** A paged list. `options` is what the user chose beside the common filter (search, sort, model). */
export interface Paged<O extends object, P extends Page> extends Omit<Resource<Filter & O & PageRequest, P>, "load"> {
  options: ReadonlySignal<O>;
  offset: ReadonlySignal<number>;
  limit: number;
  /** Changes the question and goes back to the first page. */
  choose(patch: Partial<O>): void;
  goTo(offset: number): void;
  reload(): Promise<void>;
  stop(): void;
}

/** The part of a request that pages. */
export interface PageRequest {
  offset: number;
  limit: number;
}

interface Parts<O extends object, P extends Page> {
  /** The page to begin with, as where a view comes back. */
  offset?: number;
  filter: ReadonlySignal<Filter | null>;
  reloader: Reloader;
  options: O;
  limit: number;
  /** Stores what the user chose. */
  remember?(options: O): void;
  fetch(request: Filter & O & PageRequest): Promise<P>;
}

/** Makes a paged list. Another filter or question starts at its first page; a shrunken list at its last. */
export function createPaged<O extends object, P extends Page>(parts: Parts<O, P>): Paged<O, P> {
  const options = signal(parts.options);
  const offset = signal(parts.offset ?? 0);
  const resource = createResource<Filter & O & PageRequest, P>({ fetch: parts.fetch, remember: 4 });
  const base = computed(() => (parts.filter.value === null ? null : JSON.stringify([parts.filter.value, options.value])));
  let lastBase = base.peek();

  const reload = async () => {
    const filter = parts.filter.peek();
    if (filter === null) return;
    await resource.load({ ...filter, ...options.peek(), offset: offset.peek(), limit: parts.limit });
    const total = resource.data.peek()?.total ?? 0;
    const lastPage = Math.max(0, Math.ceil(total / parts.limit) - 1) * parts.limit;
    if (resource.error.peek() === null && offset.peek() > lastPage) offset.value = lastPage;
  };
  const ends = [
    parts.reloader.add(reload),
    effect(() => {
      const changed = base.value !== lastBase;
      lastBase = base.value;
      if (changed && offset.value !== 0) offset.value = 0;
      else if (base.value !== null && offset.value >= 0) void untracked(reload);
    }),
  ];
  return {
    ...resource,
    options,
    offset,
    limit: parts.limit,
    choose(patch) {
      const next = { ...options.value, ...patch };
      if (JSON.stringify(next) === JSON.stringify(options.value)) return;
      options.value = next;
      parts.remember?.(next);
    },
    goTo(next) {
      offset.value = Math.max(0, next);
    },
    reload,
    stop: () => ends.forEach((end) => end()),
  };
}
