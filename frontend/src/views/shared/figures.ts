/** Figures as the user wants them: short with the exact value on hover, or exact. */
import type { Cost, Tokens } from "../../api/types";
import type { PressureSteps } from "../../lib/colors";
import { exactTokens, formatMoney, formatTokens } from "../../lib/format";
import { useStore } from "../../state/context";

/** Tokens written short or exact, by the setting. */
export function useTokenFormat(): (tokens: number | null) => string {
  return useStore().prefs.settings.value.exact_numbers ? exactTokens : formatTokens;
}

/** From which percent a limit's meter changes its colour, by the settings. */
export function useLimitSteps(): PressureSteps {
  const { limit_warn_percent: warn, limit_bad_percent: bad } = useStore().prefs.settings.value;
  return { warn, bad };
}

/** The five parts and reasoning, exact, for hover. */
export function tokenParts(tokens: Tokens): string {
  const written = tokens.cache_write_tokens + tokens.cache_write_1h_tokens;
  return [
    `Total ${exactTokens(tokens.total_tokens)}`,
    `Input ${exactTokens(tokens.input_tokens)}`,
    `Read from cache ${exactTokens(tokens.cache_read_tokens)}`,
    written > 0 && `Written to cache ${exactTokens(written)}${lifetimes(tokens)}`,
    `Output ${exactTokens(tokens.output_tokens)} (reasoning ${exactTokens(tokens.reasoning_tokens)} inside)`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** The parts of a cost that add up to it; `write` says how an amount is written. */
export function costParts(cost: Cost, write: (usd: string) => string = formatMoney): string[] {
  if (cost.usd === null) return ["no price known"];
  const written = Number(cost.cache_write_usd) > 0;
  return [
    `in ${write(cost.input_usd)}`,
    `cached ${write(cost.cache_read_usd)}`,
    ...(written ? [`written ${write(cost.cache_write_usd)}`] : []),
    `out ${write(cost.output_usd)}`,
  ];
}

/** Tokens written to any cache. */
export const cacheWritten = (tokens: Tokens): number => tokens.cache_write_tokens + tokens.cache_write_1h_tokens;

/** How long what was written to a cache is kept, where some of it is kept for an hour. */
export function lifetimes(tokens: Tokens): string {
  if (tokens.cache_write_1h_tokens === 0) return "";
  return ` (5 min ${exactTokens(tokens.cache_write_tokens)}, 1 h ${exactTokens(tokens.cache_write_1h_tokens)})`;
}
