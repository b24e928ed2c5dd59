/** A price rule while it is edited: every field is text, as it stands in its box. */
import type { PriceRuleInput } from "../../api/types";

/** The fields that are boxes of text. */
export const TEXT_FIELDS = [
  "pattern", "effective_from", "effective_to", "input", "cache_read", "cache_write", "cache_write_1h", "output",
  "long_threshold", "long_input", "long_cache_read", "long_cache_write", "long_cache_write_1h", "long_output", "provider", "tiers", "flat_tiers",
] as const;
/** The name of a field of the form. */
export type RuleField = (typeof TEXT_FIELDS)[number];

/** The form's content. `place` is the rule's index in the list, null for a new one. */
export interface RuleDraft {
  place: number | null;
  id: number | null;
  text: Record<RuleField, string>;
  /** Whether an older rule of the same pattern ends where this one begins. */
  closes: boolean;
}

/** Whether a field of an error is one of the form. */
export const isRuleField = (name: unknown): name is RuleField => TEXT_FIELDS.some((field) => field === name);

/** The tiers that pay no long-context rates where a rule does not say. */
const FLAT = ["priority"];

/** A form for a rule that exists. */
export function draftOf(rule: PriceRuleInput, place: number | null): RuleDraft {
  const tiers = Object.entries(rule.tiers ?? {}).map(([name, factor]) => `${name}=${factor}`).join(", ");
  const flat = (rule.flat_tiers ?? FLAT).join(", ");
  const text = Object.fromEntries(TEXT_FIELDS.map((field) => [field, field === "tiers" ? tiers : field === "flat_tiers" ? flat : String(rule[field] ?? "")]));
  return { place, id: place === null ? null : (rule.id ?? null), text: text as Record<RuleField, string>, closes: false };
}

/** An empty form, for a model where one is given, and the days it holds. */
export function newDraft(pattern = "", provider: string | null = null, from: string | null = null, to: string | null = null): RuleDraft {
  const empty = Object.fromEntries(TEXT_FIELDS.map((field) => [field, ""])) as Record<RuleField, string>;
  const days = { effective_from: from ?? "", effective_to: to ?? "" };
  return { place: null, id: null, text: { ...empty, pattern, provider: provider ?? "", ...days, flat_tiers: FLAT.join(", ") }, closes: false };
}

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** Reads "priority=2, batch=0.5"; null where a part has no name or factor, or a name comes twice. */
export function readTiers(text: string): Record<string, string> | null {
  const tiers: Record<string, string> = {};
  for (const part of text.split(",").filter((each) => each.trim() !== "")) {
    const [name = "", factor = ""] = part.split("=").map((side) => side.trim());
    if (name === "" || factor === "" || name in tiers) return null;
    tiers[name] = factor;
  }
  return tiers;
}

/** The names in "priority, batch". */
export const readNames = (text: string): string[] => text.split(",").map((name) => name.trim().toLowerCase()).filter((name) => name !== "");

/** The flat tiers a form means, of those that it has; null for what holds without saying so. */
function flatOf(text: string, tiers: Record<string, string>): string[] | null {
  const names = Object.keys(tiers).map((name) => name.toLowerCase());
  const flat = readNames(text).filter((name) => names.includes(name));
  const usual = FLAT.filter((name) => names.includes(name));
  return flat.join() === usual.join() ? null : flat;
}

/** What is wrong that the backend could not even be asked about. */
export function draftProblem({ text }: RuleDraft): { field: RuleField; message: string } | null {
  if (readTiers(text.tiers) === null) return { field: "tiers", message: "Write tiers as name=factor, such as priority=2, batch=0.5." };
  const threshold = text.long_threshold.trim();
  if (threshold !== "" && !/^\d{1,15}$/.test(threshold)) return { field: "long_threshold", message: "Write a whole number of tokens." };
  return null;
}

/** The rule that a form means. Blank required prices stay blank, so that the backend refuses them instead of taking them as free. */
export function ruleOf({ id, text }: RuleDraft): PriceRuleInput {
  const tiers = readTiers(text.tiers) ?? {};
  return {
    id,
    pattern: text.pattern.trim(),
    provider: orNull(text.provider),
    effective_from: orNull(text.effective_from),
    effective_to: orNull(text.effective_to),
    input: text.input.trim(),
    cache_read: orNull(text.cache_read),
    cache_write: orNull(text.cache_write),
    cache_write_1h: orNull(text.cache_write_1h),
    output: text.output.trim(),
    long_threshold: text.long_threshold.trim() === "" ? null : Number(text.long_threshold),
    long_input: orNull(text.long_input),
    long_cache_read: orNull(text.long_cache_read),
    long_cache_write: orNull(text.long_cache_write),
    long_cache_write_1h: orNull(text.long_cache_write_1h),
    long_output: orNull(text.long_output),
    tiers,
    flat_tiers: flatOf(text.flat_tiers, tiers),
  };
}
