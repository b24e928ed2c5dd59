/** The form of one price rule, with what is wrong beside its field. */
import { useState } from "preact/hooks";
import type { ApiError } from "../../api/client";
import type { PriceRuleInput } from "../../api/types";
import { Button, Select, TextField, type TextFieldProps } from "../../components";
import { useStore } from "../../state/context";
import { draftProblem, isRuleField, withRule, type RuleDraft, type RuleField } from "./ruleDraft";

/** A field's problem, or that of the whole rule. */
export interface RuleProblem {
  field: RuleField | null;
  message: string;
}

/** Finds the field of a refusal; another rule's problem is told for the whole form. */
export function problemOf(error: ApiError, index: number): RuleProblem {
  const { field, index: place } = error.details;
  const own = place === undefined || place === index;
  return { field: own && isRuleField(field) ? field : null, message: error.message };
}

interface RuleFormProps {
  draft: RuleDraft;
  rules: readonly PriceRuleInput[];
  save: (rules: PriceRuleInput[]) => Promise<ApiError | null>;
  onDone: () => void;
}

/** Adds or edits a rule. */
export function RuleForm({ draft: first, rules, save, onDone }: RuleFormProps) {
  const [draft, setDraft] = useState(first);
  const [problem, setProblem] = useState<RuleProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const edit = (field: RuleField, text: string) => setDraft((before) => ({ ...before, text: { ...before.text, [field]: text } }));

  const submit = async () => {
    const wrong = draftProblem(draft);
    if (wrong) return setProblem(wrong);
    setBusy(true);
    const next = withRule(rules, draft);
    const error = await save(next.rules);
    setBusy(false);
    if (error) setProblem(problemOf(error, next.index));
    else onDone();
  };
  const field = (name: RuleField, label: string, more: Partial<TextFieldProps> = {}) => (
    <TextField label={label} value={draft.text[name]} onInput={(text) => edit(name, text)} error={problem?.field === name ? problem.message : null} onEnter={() => void submit()} {...more} />
  );
  return (
    <section>
      <div class="tv-part__head">
        <h3>{draft.place === null ? "New price rule" : "Edit price rule"}</h3>
        <span class="tv-sub">dollars per million tokens</span>
      </div>
      <div class="tv-fields">
        {field("pattern", "Model pattern", { mono: true, autofocus: true, class: "tv-fields__wide", hint: "* stands for anything: gpt-5*" })}
        <ProviderField value={draft.text.provider} onChange={(id) => edit("provider", id)} />
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
      <details class="tv-more" open={draft.text.long_threshold !== "" || draft.text.tiers !== "" || undefined}>
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
      {problem !== null && problem.field === null && (
        <p class="tv-problem" role="alert">
          {problem.message}
        </p>
      )}
      <div class="tv-buttons">
        <Button kind="primary" busy={busy} disabled={busy} onClick={() => void submit()}>
          Save rule
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </section>
  );
}

function ProviderField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const { app } = useStore();
  const options = [{ value: "", label: "Any" }, ...app.value.providers.map((info) => ({ value: info.id, label: info.name }))];
  return <Select label="Provider" showLabel value={value} options={options} onChange={onChange} />;
}
