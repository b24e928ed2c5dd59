/** What is wrong with a rule: by field, and what belongs to no field of the form. */
import type { ApiError } from "../../api/client";
import type { PriceProblem } from "../../api/types";
import { isRuleField, type RuleDraft, type RuleField } from "./ruleDraft";

/** Problems by field; `others` are told for the whole form. */
export interface RuleProblems {
  fields: Partial<Record<RuleField, string>>;
  others: string[];
}

export const NO_PROBLEMS: RuleProblems = { fields: {}, others: [] };

/** Sorts problems to the fields of the rule at `index`; another rule's problem is told for the whole form. */
export function sortProblems(problems: readonly PriceProblem[], index: number): RuleProblems {
  const found: RuleProblems = { fields: {}, others: [] };
  for (const { index: at, field, message } of problems) {
    if (at !== index) found.others.push(`Rule ${at + 1}: ${message}`);
    else if (isRuleField(field)) found.fields[field] = [found.fields[field], message].filter(Boolean).join(" ");
    else found.others.push(message);
  }
  return found;
}

/** The same for a refusal, whose details are "index|field|message" each. */
export function problemsOf(error: ApiError, index: number): RuleProblems {
  const { problems, field, index: place } = error.details;
  const listed = Array.isArray(problems) ? problems : [];
  const lines = listed.length > 0 ? listed : [`${String(place ?? index)}|${String(field ?? "")}|${error.message}`];
  const parsed = lines.map((line): PriceProblem => {
    const [at = "", name = "", ...rest] = line.split("|");
    return { index: Number(at), field: name, message: rest.join("|") };
  });
  return sortProblems(parsed, index);
}

const REQUIRED: readonly RuleField[] = ["pattern", "input", "output", "long_input", "long_output"];

/** The problems that are shown while a rule is typed: not yet that of a box that nobody came to. */
export function whileTyping(problems: RuleProblems, draft: RuleDraft, touched: ReadonlySet<RuleField>): RuleProblems {
  const shown = Object.entries(problems.fields).filter(([name]) => {
    const field = name as RuleField;
    return !REQUIRED.includes(field) || touched.has(field) || draft.text[field].trim() !== "";
  });
  // An overlap is told beside both rules; in the form that is once too often.
  return { fields: Object.fromEntries(shown), others: problems.fields.effective_from ? [] : problems.others };
}
