import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { DataTable } from "../components/DataTable";
import { amountsHidden, currency } from "../lib/currency";
import { shownTheme } from "../lib/theme";
import { ChartHover } from "./ChartHover";
import { drawChart, type DrawnChart } from "./engine";
import { readColors } from "./palette";
import type { ChartColors, ChartSpec } from "./spec";
import "./Chart.css";

export interface ChartProps {
  /** Makes the chart from the colours of the theme; give it a stable identity (useCallback) per data. */
  build: (colors: ChartColors) => ChartSpec;
  /** Its name, for screen readers. */
  label: string;
  /** Height in pixels. */
  height?: number;
  /** Shows the numbers as a table instead. */
  asTable?: boolean;
  /** Click or Enter on a place of the x axis. */
  onSelect?: (index: number) => void;
}

/** A Chart.js chart: keeps its canvas, follows the theme, can be read by arrow keys and turned into a table. */
export function Chart({ build, label, height = 220, asTable = false, onSelect }: ChartProps) {
  const theme = shownTheme.value;
  const money = currency.value;
  const hidden = amountsHidden.value;
  // The colours are those of the theme, read from the page; amounts are written in what is chosen.
  const spec = useMemo(() => build(readColors()), [build, theme, money, hidden]);
  if (asTable) return <DataTable label={label} table={spec.table} maxHeight={`${Math.max(height, 240)}px`} />;
  return <ChartCanvas spec={spec} label={label} height={height} onSelect={onSelect} />;
}

interface ChartCanvasProps {
  spec: ChartSpec;
  label: string;
  height: number;
  onSelect: ((index: number) => void) | undefined;
}

function ChartCanvas({ spec, label, height, onSelect }: ChartCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<DrawnChart | null>(null);
  const first = useRef(spec);
  const [index, setIndex] = useState<number | null>(null);
  const shown = index !== null && index < spec.length ? index : null;

  // The first drawing takes longer than all the figures of a page: they are painted before.
  useEffect(() => {
    if (canvas.current) drawn.current ??= drawChart(canvas.current, first.current);
  }, []);
  useLayoutEffect(() => {
    first.current = spec;
    drawn.current?.show(spec);
  }, [spec]);
  useLayoutEffect(() => () => {
    drawn.current?.destroy();
    drawn.current = null;
  }, []);
  useLayoutEffect(() => drawn.current?.point(shown), [shown, spec]);

  const hover = shown === null ? null : spec.hover(shown);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && shown !== null) onSelect?.(shown);
    const next = nextIndex(event.key, shown, spec.length);
    if (next === undefined) return;
    event.preventDefault();
    setIndex(next);
  };

  return (
    <div
      class={onSelect ? "td-chart td-chart--active" : "td-chart"}
      style={{ height: `${height}px` }}
      role="group"
      tabIndex={0}
      aria-label={`${label}. ${spec.description} Arrow keys read its values.`}
      onKeyDown={onKeyDown}
      onBlur={() => setIndex(null)}
      onPointerMove={(event) => setIndex(drawn.current?.indexAt(event) ?? null)}
      onPointerLeave={() => setIndex(null)}
      onClick={(event) => {
        const clicked = drawn.current?.indexAt(event) ?? null;
        if (clicked !== null) onSelect?.(clicked);
      }}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {hover && shown !== null && <ChartHover hover={hover} x={drawn.current?.xOf(shown) ?? 0} />}
    </div>
  );
}

/** The place that a key goes to; undefined for keys that go nowhere, null for none. */
function nextIndex(key: string, index: number | null, length: number): number | null | undefined {
  if (length === 0) return undefined;
  if (key === "ArrowRight") return index === null ? 0 : Math.min(length - 1, index + 1);
  if (key === "ArrowLeft") return index === null ? length - 1 : Math.max(0, index - 1);
  if (key === "Home") return 0;
  return key === "End" ? length - 1 : undefined;
}
