const STEPS = [
  { from: 1e12, letter: "T" },
  { from: 1e9, letter: "B" },
  { from: 1e6, letter: "M" },
  { from: 1e3, letter: "K" },
] as const;

/** A whole number with commas between thousands. */
export function groupDigits(whole: bigint | number): string {
  return whole.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A number of zero or more in three or so digits with K, M, B or T; exact below a thousand. */
export function compactNumber(value: number): string {
  if (value < 999.5) return trimZeros(value.toFixed(value % 1 === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2));
  for (const [index, step] of STEPS.entries()) {
    const scaled = value / step.from;
    const above = STEPS[index - 1];
    if (scaled < 0.99995) continue;
    const text = scaled < 9.995 ? scaled.toFixed(2) : scaled.toFixed(1);
    if (above && Number(text) >= 1000) return `1${above.letter}`;
    const [whole = "0", fraction = ""] = text.split(".");
    return `${groupDigits(Number(whole))}${/^0*$/.test(fraction) ? "" : `.${fraction}`}${step.letter}`;
  }
  return `1K`;
}

function trimZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
