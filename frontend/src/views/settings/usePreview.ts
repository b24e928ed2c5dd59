/** What a list of rules would change, asked again a moment after the last key. */
import { useEffect, useState } from "preact/hooks";
import { toApiError } from "../../api/client";
import type { PricePreview, PriceRuleInput } from "../../api/types";
import { useStore } from "../../state/context";

const PAUSE_MS = 250;

/** The answer, of the list that was asked about last; `stale` while another list is being asked about. */
export interface Preview {
  answer: PricePreview | null;
  failed: string | null;
  stale: boolean;
}

/** The effect of rules; null asks nothing. A list that nobody types needs no pause. */
export function usePreview(rules: readonly PriceRuleInput[] | null, pauseMs = PAUSE_MS): Preview {
  const { transport } = useStore();
  const [found, setFound] = useState<{ key: string; answer: PricePreview | null; failed: string | null }>({ key: "", answer: null, failed: null });
  const key = rules === null ? "" : JSON.stringify(rules);
  useEffect(() => {
    if (rules === null) return undefined;
    let live = true;
    const ask = async () => {
      try {
        const answer = await transport.invoke("pricing.preview", { rules: [...rules] });
        if (live) setFound({ key, answer, failed: null });
      } catch (thrown) {
        if (live) setFound({ key, answer: null, failed: toApiError(thrown).message });
      }
    };
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [key]);
  return { answer: found.answer, failed: found.failed, stale: found.key !== key };
}
