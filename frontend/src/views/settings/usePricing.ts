/** Prices: reading them, and saving the whole list of the user's rules. */
import { useEffect, useMemo } from "preact/hooks";
import { toApiError, type ApiError } from "../../api/client";
import type { Empty, PriceRuleInput, Pricing } from "../../api/types";
import { useStore } from "../../state/context";
import { createResource, type Resource } from "../../state/resource";

/** The prices and how to change the user's rules; saving answers why it was refused. */
export interface PricingState {
  pricing: Resource<Empty, Pricing>;
  save(rules: PriceRuleInput[]): Promise<ApiError | null>;
}

/** The prices while the tab is open. Saving reads every figure again, because cost is never stored. */
export function usePricing(): PricingState {
  const { transport, reloader } = useStore();
  const pricing = useMemo(() => createResource<Empty, Pricing>({ fetch: () => transport.invoke("pricing.get", {}) }), [transport]);
  useEffect(() => void pricing.load({}), [pricing]);
  const save = async (rules: PriceRuleInput[]) => {
    try {
      await transport.invoke("pricing.save", { rules });
    } catch (thrown) {
      return toApiError(thrown);
    }
    await pricing.load({});
    void reloader.now();
    return null;
  };
  return { pricing, save };
}
