/** A value from the backend that is asked for again and again, and always shows the newest question's answer. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { ApiError, toApiError } from "../api/client";
import { seen, seenText } from "../lib/privacy";

/** How a resource asks, and what belongs together. */
export interface ResourceOptions<R, T> {
  fetch(request: R): Promise<T>;
  /** Answers of one scope may stand in for each other while loading; another scope starts empty. */
  scope?(request: R): string;
  /** How many answers are kept to be shown at once when a question comes back. */
  remember?: number;
}

/** The present answer and its state. */
export interface Resource<R, T> {
  data: ReadonlySignal<T | null>;
  error: ReadonlySignal<ApiError | null>;
  loading: ReadonlySignal<boolean>;
  /** True while what is shown answers an older question than the one asked last. */
  outdated: ReadonlySignal<boolean>;
  load(request: R): Promise<void>;
  /** Shows an answer that came another way, as with the answer to a change. */
  take(answer: T): void;
  /** Forgets every answer. */
  clear(): void;
}

/** Makes a resource. A late answer to an older question never replaces a newer one. */
export function createResource<R, T>(options: ResourceOptions<R, T>): Resource<R, T> {
  const data = signal<T | null>(null);
  const seenData = computed(() => (data.value === null ? null : seen(data.value)));
  const error = signal<ApiError | null>(null);
  const seenError = computed(() => (error.value === null ? null : seenFailure(error.value)));
  const loading = signal(false);
  const shownKey = signal<string | null>(null);
  const wantedKey = signal<string | null>(null);
  const answers = new Map<string, T>();
  const scopeOf = options.scope ?? (() => "");
  let newest = 0;
  let shownScope: string | null = null;

  const show = (key: string, scope: string, answer: T) => {
    data.value = answer;
    shownKey.value = key;
    shownScope = scope;
  };
  const keep = (key: string, answer: T) => {
    answers.delete(key);
    answers.set(key, answer);
    const oldest = answers.keys().next();
    if (answers.size > (options.remember ?? 1) && !oldest.done) answers.delete(oldest.value);
  };
  const prepare = (key: string, scope: string) => {
    const known = answers.get(key);
    if (key !== shownKey.value && known !== undefined) show(key, scope, known);
    else if (scope !== shownScope) data.value = null;
    wantedKey.value = key;
    loading.value = true;
  };

  return {
    data: seenData,
    error: seenError,
    loading,
    outdated: computed(() => data.value !== null && shownKey.value !== wantedKey.value),
    async load(request) {
      const id = ++newest;
      const key = JSON.stringify(request);
      const scope = scopeOf(request);
      prepare(key, scope);
      try {
        const answer = await options.fetch(request);
        if (id !== newest) return;
        keep(key, answer);
        show(key, scope, answer);
        error.value = null;
      } catch (thrown) {
        if (id === newest) error.value = toApiError(thrown);
      } finally {
        if (id === newest) loading.value = false;
      }
    },
    take(answer) {
      newest += 1;
      answers.clear();
      data.value = answer;
      error.value = null;
      loading.value = false;
    },
    clear() {
      newest += 1;
      answers.clear();
      data.value = null;
      error.value = null;
      loading.value = false;
      shownKey.value = null;
    },
  };
}

function seenFailure(error: ApiError): ApiError {
  const message = seenText(error.message);
  return message === error.message ? error : new ApiError(error.code, message, error.details);
}
