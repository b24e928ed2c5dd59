/** The form of one price rule, with what is wrong beside its field. */
import { useState } from "preact/hooks";
import type { ApiError } from "../../api/client";
import type { PriceRuleInput } from "../../api/types";
import { Button, Select, TextField, type TextFieldProps } from "../../components";
import { useStore } from "../../state/context";
import { draftProblem, isRuleField, withRule, type RuleDraft, type RuleField } from "./ruleDraft";

/** What is wrong with a rule: by field, and what belongs to no field of the form. */
export interface RuleProblems {
  fields: Partial<Record<RuleField, string>>;
  others: string[];
}

const NO_PROBLEMS: RuleProblems = { fields: {}, others: [] };

/** Sorts a refusal to its fields: "index|field|message" each; another rule's problem is told for the whole form. */
export function problemsOf(error: ApiError, index: number): RuleProblems {
  const { problems, field, index: place } = error.details;
  const listed = Array.isArray(problems) ? problems : [];
  const lines = listed.length > 0 ? listed : [`${String(place ?? index)}|${String(field ?? "")}|${error.message}`];
  const found: RuleProblems = { fields: {}, others: [] };
  for (const line of lines) {
    const [at = "", name = "", ...rest] = line.split("|");
    const message = rest.join("|");
    if (at !== String(index)) found.others.push(`Rule ${Number(at) + 1}: ${message}`);
    else if (isRuleField(name)) found.fields[name] = [found.fields[name], message].filter(Boolean).join(" ");
    else found.others.push(message);
  }
  return found;
}

const LONG_FIELDS: readonly RuleField[] = ["long_threshold", "long_input", "long_cache_read", "long_cache_write", "long_output", "tiers"];

interface RuleFormProps {
  draft: RuleDraft;
  rules: readonly PriceRuleInput[];
  save: (rules: PriceRuleInput[]) => Promise<ApiError | null>;
  onDone: () => void;
}

/** Adds or edits a rule. */
export function RuleForm({ draft: first, rules, save, onDone }: RuleFormProps) {
  const [draft, setDraft] = useState(first);
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const [busy, setBusy] = useState(false);
  const edit = (field: RuleField, text: string) => {
    setDraft((before) => ({ ...before, text: { ...before.text, [field]: text } }));
    setProblems((before) => ({ ...before, fields: { ...before.fields, [field]: undefined } }));
  };

  const submit = async () => {
    const wrong = draftProblem(draft);
    if (wrong) return setProblems({ fields: { [wrong.field]: wrong.message }, others: [] });
    setBusy(true);
    const next = withRule(rules, draft);
    const error = await save(next.rules);
    setBusy(false);
    if (error) setProblems(problemsOf(error, next.index));
    else onDone();
  };
  const field = (name: RuleField, label: string, more: Partial<TextFieldProps> = {}) => (
    <TextField label={label} value={draft.text[name]} onInput={(text) => edit(name, text)} error={problems.fields[name] ?? null} onEnter={() => void submit()} {...more} />
  );
  const unfolded = LONG_FIELDS.some((name) => problems.fields[name] !== undefined) || draft.text.long_threshold !== "" || draft.text.tiers !== "";
  return (
    <section>
      <div class="tv-part__head">
        <h3>{draft.place === null ? "New price rule" : "Edit price rule"}</h3>
        <span class="tv-sub">dollars per million tokens</span>
      </div>
      <div class="tv-fields">
        {field("pattern", "Model pattern", { mono: true, autofocus: true, class: "tv-fields__wide", hint: "* stands for anything: gpt-5*" })}
        <ProviderField value={draft.text.provider} error={problems.fields.provider ?? null} onChange={(id) => edit("provider", id)} />
        {field("effective_from", "From (UTC day)", { type: "date" })}
        {field("effective_to", "Until, not included", { type: "date" })}
      </div>
      <div class="tv-fields tv-fields--next">
        {field("input", "Input", { placeholder: "1.25" })}
        {field("cache_read", "Read from cache", { placeholder: "as input" })}
        {field("cache_write", "Written to cache", { placeholder: "as input" })}
        {field("cache_write_1h", "Written for 1 h", { placeholder: "as written" })}
        {field("output", "Output", { placeholder: "10.00" })}
      </div>
      <details class="tv-more" open={unfolded || undefined}>
        <summary>Long prompts and tiers</summary>
        <div class="tv-fields">
          {field("long_threshold", "Above prompt tokens", { placeholder: "272000" })}
          {field("long_input", "Input")}
          {field("long_cache_read", "Read from cache")}
          {field("long_cache_write", "Written to cache")}
          {field("long_output", "Output")}
          {field("tiers", "Tiers and their factor", { placeholder: "priority=2, batch=0.5", class: "tv-fields__wide" })}
        </div>
      </details>
      {problems.others.map((message) => (
        <p key={message} class="tv-problem" role="alert">
          {message}
        </p>
      ))}
      <div class="tv-buttons">
        <Button kind="primary" busy={busy} disabled={busy} onClick={() => void submit()}>
          Save rule
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </section>
  );
}

function ProviderField({ value, error, onChange }: { value: string; error: string | null; onChange: (id: string) => void }) {
  const { app } = useStore();
  const options = [{ value: "", label: "Any" }, ...app.value.providers.map((info) => ({ value: info.id, label: info.name }))];
  return (
    <div class="tv-fields__select">
      <Select label="Provider" showLabel value={value} options={options} onChange={onChange} />
      {error !== null && (
        <p class="tv-problem" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
