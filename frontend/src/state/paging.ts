/** A list that the backend pages through: its question, its page, and the rows that answer. */
import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import type { Filter } from "../api/types";
import type { Reloader } from "./reload";
import { createResource, type Resource } from "./resource";

/** A page of something, with the places that lead to other pages. */
interface Page {
  total: number;
  offset: number;
  previous: string | null;
  next: string | null;
  last: string | null;
}

/** A paged list. `options` is what the user chose beside the common filter (search, sort, model). */
export interface Paged<O extends object, P extends Page> extends Omit<Resource<Filter & O & PageRequest, P>, "load"> {
  options: ReadonlySignal<O>;
  /** The place of the page, null being the first one. */
  at: ReadonlySignal<string | null>;
  limit: number;
  /** Changes the question and goes back to the first page. */
  choose(patch: Partial<O>): void;
  /** Goes to a place that a page named. */
  goTo(place: string | null): void;
  reload(): Promise<void>;
  stop(): void;
}

/** The part of a request that pages. */
export interface PageRequest {
  at: string | null;
  limit: number;
}

interface Parts<O extends object, P extends Page> {
  /** The page to begin with, as where a view comes back. */
  at?: string | null;
  filter: ReadonlySignal<Filter | null>;
  reloader: Reloader;
  options: O;
  limit: number;
  /** Stores what the user chose. */
  remember?(options: O): void;
  fetch(request: Filter & O & PageRequest): Promise<P>;
}

/** Makes a paged list. Another filter or question starts at its first page. */
export function createPaged<O extends object, P extends Page>(parts: Parts<O, P>): Paged<O, P> {
  const options = signal(parts.options);
  const at = signal(parts.at ?? null);
  const resource = createResource<Filter & O & PageRequest, P>({ fetch: parts.fetch, remember: 4 });
  const base = computed(() => (parts.filter.value === null ? null : JSON.stringify([parts.filter.value, options.value])));
  let lastBase = base.peek();

  const reload = async () => {
    const filter = parts.filter.peek();
    if (filter === null) return;
    await resource.load({ ...filter, ...options.peek(), at: at.peek(), limit: parts.limit });
  };
  const ends = [
    parts.reloader.add(reload),
    effect(() => {
      const changed = base.value !== lastBase;
      lastBase = base.value;
      const place = at.value;
      if (changed && place !== null) at.value = null;
      else if (base.value !== null) void untracked(reload);
    }),
  ];
  return {
    ...resource,
    options,
    at,
    limit: parts.limit,
    choose(patch) {
      const next = { ...options.value, ...patch };
      if (JSON.stringify(next) === JSON.stringify(options.value)) return;
      options.value = next;
      parts.remember?.(next);
    },
    goTo(place) {
      at.value = place;
    },
    reload,
    stop: () => ends.forEach((end) => end()),
  };
}
