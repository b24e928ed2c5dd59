/** Builders of tokens and costs for fixtures. */
import type { Cost, Tokens, Usage } from "../src/api/types";

/** Dollars as the contract writes them. */
export const usd = (dollars: number): string => dollars.toFixed(12);

/** Tokens from their parts. */
export function tokens(input: number, cached: number, output: number, reasoning = Math.round(output * 0.45), written = 0): Tokens {
  return {
    input_tokens: Math.round(input),
    cache_read_tokens: Math.round(cached),
    cache_write_tokens: Math.round(written),
    cache_write_1h_tokens: 0,
    output_tokens: Math.round(output),
    reasoning_tokens: reasoning,
    total_tokens: Math.round(input) + Math.round(cached) + Math.round(output) + Math.round(written),
  };
}

/** A cost from its parts; `unpriced` names the models without a price. */
export function cost(input: number, cached: number, output: number, written = 0, unpriced: string[] = []): Cost {
  return {
    usd: usd(input + cached + output + written),
    input_usd: usd(input),
    cache_read_usd: usd(cached),
    cache_write_usd: usd(written),
    output_usd: usd(output),
    unpriced_tokens: unpriced.length * 1_100_000,
    unpriced_models: unpriced,
  };
}

/** Usage of `scale` million prompt tokens at ordinary shares and prices. */
export function usage(scale: number, options: { rate?: number; unpriced?: string[]; events?: number } = {}): Usage {
  const { rate = 1, unpriced = [], events } = options;
  const [input, cached, output, written] = [scale * 54_000, scale * 930_000, scale * 9_600, scale * 6_400];
  const priced = cost((input / 1e6) * 2 * rate, (cached / 1e6) * 0.2 * rate, (output / 1e6) * 12 * rate, (written / 1e6) * 2.5 * rate, unpriced);
  return {
    tokens: tokens(input, cached, output, Math.round(output * 0.45), written),
    cost: rate === 0 ? { ...priced, usd: null } : priced,
    events: events ?? Math.round(scale * 11.2),
  };
}
