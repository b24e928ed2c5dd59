import { useLayoutEffect, useRef } from "preact/hooks";
import { Ellipsis } from "../components/Ellipsis";
import type { Hover } from "./spec";

const GAP = 12;

/** What a place of a chart says: every part with its exact figure, and their sum. Spoken as it changes. */
export function ChartHover({ hover, x }: { hover: Hover; x: number }) {
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = box.current;
    const around = element?.parentElement;
    if (!element || !around) return;
    const fits = x + GAP + element.offsetWidth <= around.clientWidth;
    const left = fits ? x + GAP : x - GAP - element.offsetWidth;
    element.style.left = `${Math.max(0, Math.min(left, around.clientWidth - element.offsetWidth))}px`;
  }, [hover, x]);

  return (
    <div ref={box} class="td-chart-hover" role="status">
      <div class="td-chart-hover__title">{hover.title}</div>
      {hover.lines.map((line, index) => (
        <div key={index} class="td-chart-hover__line">
          {line.color && <span class="td-swatch" style={{ backgroundColor: line.color }} />}
          <Ellipsis text={line.label} class="td-chart-hover__label" />
          <span class="td-chart-hover__value">{line.value}</span>
        </div>
      ))}
      {hover.total && (
        <div class="td-chart-hover__line td-chart-hover__line--total">
          <span class="td-chart-hover__label">{hover.total.label}</span>
          <span class="td-chart-hover__value">{hover.total.value}</span>
        </div>
      )}
      {hover.hint && <div class="td-chart-hover__hint">{hover.hint}</div>}
    </div>
  );
}
