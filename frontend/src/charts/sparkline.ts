/** The two paths of a sparkline. */
export interface SparklinePaths {
  line: string;
  area: string;
}

const INSET = 2;

/** SVG paths of a line over `values` from zero up, filling `width` x `height`; empty for no values. */
export function sparklinePath(values: readonly number[], width: number, height: number): SparklinePaths {
  const clean = values.map((value) => (Number.isFinite(value) ? value : 0));
  if (clean.length === 0) return { line: "", area: "" };
  const drawn = clean.length === 1 ? [clean[0] ?? 0, clean[0] ?? 0] : clean;
  const low = Math.min(0, ...drawn);
  const span = Math.max(0, ...drawn) - low;
  const step = width / (drawn.length - 1);
  const points = drawn.map((value, index) => {
    const share = span === 0 ? 0 : (value - low) / span;
    return `${round(index * step)} ${round(height - INSET - share * (height - 2 * INSET))}`;
  });
  const line = `M${points.join("L")}`;
  return { line, area: `${line}L${round(width)} ${round(height)}L0 ${round(height)}Z` };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
