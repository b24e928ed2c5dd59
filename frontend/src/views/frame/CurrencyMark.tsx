/** Says on every page that amounts are not the dollars of the ledger, and by which rate they were made. */
import { currency, isConverted, rateText, signText } from "../../lib/currency";
import { useStore } from "../../state/context";

/** A quiet button that opens the setting; nothing while amounts are in dollars. */
export function CurrencyMark() {
  const { overlays } = useStore();
  const shown = currency.value;
  if (!isConverted(shown)) return null;
  return (
    <button
      type="button"
      class="tv-scan__mark"
      title="Amounts are US dollars times a fixed rate that was set by hand. Reports and exports stay in US dollars. Click to change it."
      onClick={() => overlays.openSettings("display")}
    >
      $1 = {signText(shown.sign)}
      {rateText(shown)}, fixed by hand
    </button>
  );
}
