const STEPS = [
  { from: 1e12, letter: "T" },
  { from: 1e9, letter: "B" },
  { from: 1e6, letter: "M" },
  { from: 1e3, letter: "K" },
] as const;

/** A whole number with commas between thousands. */
export function groupDigits(whole: bigint | number | string): string {
  return whole.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A number of zero or more in three significant digits with K, M, B or T ("38.0M", "730K"); exact below a thousand. */
export function compactNumber(value: number): string {
  if (value < 999.5) return trimZeros(value.toFixed(value % 1 === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2));
  for (const [index, step] of STEPS.entries()) {
    const scaled = value / step.from;
    if (scaled < 0.9995) continue;
    const above = STEPS[index - 1];
    if (above && scaled >= 999.5) return `1.00${above.letter}`;
    return `${threeDigits(scaled)}${step.letter}`;
  }
  return "1.00K";
}

/** The same for the ticks of an axis, without the zeros that say nothing: "20M", "1.5K". */
export function tickNumber(value: number): string {
  const text = compactNumber(value);
  return /^[\d.,]+[KMBT]$/.test(text) ? trimZeros(text.slice(0, -1)) + text.slice(-1) : text;
}

function threeDigits(scaled: number): string {
  const digits = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
  const [whole = "0", fraction] = scaled.toFixed(digits).split(".");
  return fraction === undefined ? groupDigits(whole) : `${whole}.${fraction}`;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
