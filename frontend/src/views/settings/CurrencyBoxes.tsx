/** The currency that amounts are shown in: a sign, and what a dollar is in it, set by hand. */
import { Button } from "../../components";
import { parseRate, signText } from "../../lib/currency";
import { useStore } from "../../state/context";
import { SavedBoxes, type Box } from "./SettingLine";

const BOXES: readonly Box[] = [
  { name: "currency_sign", label: "Sign", read: (text) => ({ value: text }), size: "short" },
  { name: "currency_rate", label: "One dollar is", read: readRate },
];

function readRate(text: string): { value: string } | string {
  if (/^\d+,\d+$/.test(text)) return `Write it with a point: ${text.replace(",", ".")}`;
  return { value: text };
}

/** Sign and rate with a preview, and the way back to dollars. */
export function CurrencyBoxes() {
  const { prefs } = useStore();
  const { currency_sign, currency_rate } = prefs.saved.value;
  const isDollar = currency_sign === "$";
  return (
    <>
      <SavedBoxes what="currency" boxes={BOXES}>{(draft) => <p class="td-field__note">{preview(draft[0] ?? "", draft[1] ?? "")}</p>}</SavedBoxes>
      {!isDollar && (
        <p class="tv-currency__back">
          <Button kind="link" onClick={() => void prefs.save({ currency_sign: "$", currency_rate: "1" })}>
            Back to US dollars
          </Button>
          <span class="td-field__note">
            now {currency_sign} at {currency_rate}
          </span>
        </p>
      )}
    </>
  );
}

function preview(sign: string, rate: string): string {
  const parsed = parseRate(rate);
  const fixed = "The rate is fixed: it changes only here. Prices are entered, and reports and exports written, in US dollars.";
  if (parsed === null || sign.trim() === "" || sign.trim() === "$") return fixed;
  const hundred = (parsed * 100n + 500_000n) / 1_000_000n;
  const text = hundred.toString().padStart(3, "0");
  return `$100.00 is shown as ${signText(sign.trim())}${text.slice(0, -2)}.${text.slice(-2)}. ${fixed}`;
}
