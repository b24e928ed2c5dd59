/** Prices: reading them, and changing the user's rules. */
import { signal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { toApiError, type ApiError } from "../../api/client";
import type { Empty, ImportMode, PriceRuleInput, Pricing } from "../../api/types";
import { showToast } from "../../components";
import { useStore } from "../../state/context";
import { createResource, type Resource } from "../../state/resource";
import type { Store } from "../../state/store";
import type { RuleDraft } from "./ruleDraft";

/** The prices and how to change the user's rules; a change answers why it was refused. */
export interface PricingState {
  pricing: Resource<Empty, Pricing>;
  /** The rule in the form. It stays while other pages are looked at, so that nothing typed is lost. */
  draft: Signal<RuleDraft | null>;
  save(rules: PriceRuleInput[]): Promise<ApiError | null>;
  take(content: string, mode: ImportMode): Promise<ApiError | null>;
  undo(): Promise<void>;
}

const drafts = new WeakMap<Store, Signal<RuleDraft | null>>();

function draftIn(store: Store): Signal<RuleDraft | null> {
  const known = drafts.get(store) ?? signal<RuleDraft | null>(null);
  drafts.set(store, known);
  return known;
}

/** The prices while the tab is open. A change reads every figure again, because cost is never stored. */
export function usePricing(): PricingState {
  const store = useStore();
  const { transport, reloader, notify } = store;
  const pricing = useMemo(() => createResource<Empty, Pricing>({ fetch: () => transport.invoke("pricing.get", {}) }), [transport]);
  const draft = draftIn(store);
  useEffect(() => void pricing.load({}), [pricing]);
  // Also what was changed elsewhere; never under a form, whose place in the list is a number.
  useEffect(() => reloader.add(async () => (draft.value === null ? pricing.load({}) : undefined)), [pricing, reloader, draft]);

  const change = async (ask: () => Promise<Pricing>, offer: boolean): Promise<ApiError | null> => {
    try {
      const before = pricing.data.value?.undo?.at_ms;
      const answer = await ask();
      pricing.take(answer);
      const { undo } = answer;
      if (offer && undo && undo.at_ms !== before) showToast(`${undo.what}. Every cost follows.`, "ok", { label: "Undo", run: () => void takeBack() });
    } catch (thrown) {
      return toApiError(thrown);
    }
    void reloader.now();
    return null;
  };
  const takeBack = async () => {
    const error = await change(() => transport.invoke("pricing.undo", {}), false);
    if (error) return notify(error.message, "error");
    const undo = pricing.data.value?.undo;
    showToast(undo?.redo ? `Undone: ${undo.what}.` : `Done again: ${undo?.what ?? ""}.`, "ok");
  };
  return {
    pricing,
    draft,
    save: (rules) => change(() => transport.invoke("pricing.save", { rules }), true),
    take: (content, mode) => change(() => transport.invoke("pricing.import", { content, mode }), true),
    undo: takeBack,
  };
}
