/** A price rule while it is edited: every field is text, as it stands in its box. */
import type { PriceRuleInput } from "../../api/types";

/** The fields that are boxes of text. */
export const TEXT_FIELDS = [
  "pattern", "effective_from", "effective_to", "input", "cache_read", "cache_write", "cache_write_1h", "output",
  "long_threshold", "long_input", "long_cache_read", "long_cache_write", "long_output", "provider", "tiers",
] as const;
/** The name of a field of the form. */
export type RuleField = (typeof TEXT_FIELDS)[number];

/** The form's content. `place` is the rule's index in the list, null for a new one. */
export interface RuleDraft {
  place: number | null;
  id: number | null;
  text: Record<RuleField, string>;
}

/** Whether a field of an error is one of the form. */
export const isRuleField = (name: unknown): name is RuleField => TEXT_FIELDS.some((field) => field === name);

/** A form for a rule that exists. */
export function draftOf(rule: PriceRuleInput, place: number | null): RuleDraft {
  const tiers = Object.entries(rule.tiers).map(([name, factor]) => `${name}=${factor}`).join(", ");
  const text = Object.fromEntries(TEXT_FIELDS.map((field) => [field, field === "tiers" ? tiers : String(rule[field] ?? "")]));
  return { place, id: rule.id, text: text as Record<RuleField, string> };
}

/** An empty form, for a model where one is given. */
export function newDraft(pattern = "", provider: string | null = null): RuleDraft {
  const empty = Object.fromEntries(TEXT_FIELDS.map((field) => [field, ""])) as Record<RuleField, string>;
  return { place: null, id: null, text: { ...empty, pattern, provider: provider ?? "" } };
}

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());

/** Reads "priority=2, batch=0.5"; null where a part has no name or factor. */
export function readTiers(text: string): Record<string, string> | null {
  const tiers: Record<string, string> = {};
  for (const part of text.split(",").filter((each) => each.trim() !== "")) {
    const [name = "", factor = ""] = part.split("=").map((side) => side.trim());
    if (name === "" || factor === "") return null;
    tiers[name] = factor;
  }
  return tiers;
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
    long_output: orNull(text.long_output),
    tiers: readTiers(text.tiers) ?? {},
  };
}

/** The list with the edited rule in its place, a new one first. */
export function withRule(rules: readonly PriceRuleInput[], draft: RuleDraft): { rules: PriceRuleInput[]; index: number } {
  const rule = ruleOf(draft);
  if (draft.place === null) return { rules: [rule, ...rules], index: 0 };
  return { rules: rules.map((other, at) => (at === draft.place ? rule : other)), index: draft.place };
}
