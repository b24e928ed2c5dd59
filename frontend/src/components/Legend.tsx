import { Ellipsis } from "./Ellipsis";
import "./Legend.css";

export interface LegendItem {
  key: string;
  /** May be log text. */
  label: string;
  /** A CSS colour, such as from `slotColor`. */
  color: string;
  /** The figure, written. */
  value?: string;
  /** The exact figure, on hover. */
  exact?: string;
  /** The share, written. */
  share?: string;
}

export interface LegendProps {
  label: string;
  items: readonly LegendItem[];
  /** The sum of the items, as the last line. */
  total?: { label?: string; value: string; exact?: string };
  /** `column` beside a chart, `row` under it. */
  layout?: "column" | "row";
  /** Keys of series that are switched off. */
  hidden?: ReadonlySet<string>;
  /** Makes each item a switch. */
  onToggle?: (key: string) => void;
}

/** What the colours of a chart stand for, with the figures; the names are text, never colour alone. */
export function Legend({ label, items, total, layout = "column", hidden, onToggle }: LegendProps) {
  return (
    <ul class={`td-legend td-legend--${layout}`} aria-label={label}>
      {items.map((item) => (
        <li key={item.key} class={hidden?.has(item.key) ? "td-legend__item td-legend__item--off" : "td-legend__item"}>
          {onToggle ? (
            <button type="button" class="td-legend__name" aria-pressed={!hidden?.has(item.key)} onClick={() => onToggle(item.key)}>
              <LegendName item={item} />
            </button>
          ) : (
            <span class="td-legend__name">
              <LegendName item={item} />
            </span>
          )}
          {item.value !== undefined && (
            <span class="td-legend__value" title={item.exact}>
              {item.value}
            </span>
          )}
          {item.share !== undefined && <span class="td-legend__share">{item.share}</span>}
        </li>
      ))}
      {total && (
        <li class="td-legend__item td-legend__item--total">
          <span class="td-legend__name">{total.label ?? "Total"}</span>
          <span class="td-legend__value" title={total.exact}>
            {total.value}
          </span>
          {items.some((item) => item.share !== undefined) && <span class="td-legend__share" />}
        </li>
      )}
    </ul>
  );
}

function LegendName({ item }: { item: LegendItem }) {
  return (
    <>
      <span class="td-swatch" style={{ backgroundColor: item.color }} aria-hidden="true" />
      <Ellipsis text={item.label} fallback="unknown" />
    </>
  );
}
