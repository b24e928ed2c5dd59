/** The form of one price rule: what is wrong stands beside its field, what it changes below, both while it is typed. */
import type { Signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import type { ApiError } from "../../api/client";
import type { PriceRuleInput } from "../../api/types";
import { Button, Select, Switch, TextField, type TextFieldProps } from "../../components";
import { useStore } from "../../state/context";
import { PreviewBox } from "./EffectView";
import { draftProblem, readNames, readTiers, type RuleDraft, type RuleField } from "./ruleDraft";
import { olderOpen, withRule } from "./rulePeriods";
import { NO_PROBLEMS, problemsOf, sortProblems, whileTyping, type RuleProblems } from "./ruleProblems";
import { usePreview } from "./usePreview";

const LONG_FIELDS: readonly RuleField[] = [
  "long_threshold", "long_input", "long_cache_read", "long_cache_write", "long_cache_write_1h", "long_output", "tiers", "flat_tiers",
];

interface RuleFormProps {
  draft: Signal<RuleDraft | null>;
  shown: RuleDraft;
  rules: readonly PriceRuleInput[];
  save: (rules: PriceRuleInput[]) => Promise<ApiError | null>;
}

/** What is wrong: what the page sees itself, else what the last answer said, softened until Save was pressed. */
function useProblems(draft: RuleDraft, rules: readonly PriceRuleInput[], touched: ReadonlySet<RuleField>, submitted: boolean) {
  const wrong = draftProblem(draft);
  const next = useMemo(() => withRule(rules, draft), [rules, draft]);
  const preview = usePreview(wrong ? null : next.rules);
  const known: RuleProblems = wrong ? { fields: { [wrong.field]: wrong.message }, others: [] } : sortProblems(preview.answer?.problems ?? [], next.index);
  const problems = submitted ? known : whileTyping(known, draft, touched);
  return { next, preview, wrong: wrong !== null || (preview.answer?.problems.length ?? 0) > 0, problems };
}

/** Adds or edits a rule. */
export function RuleForm({ draft: held, shown: draft, rules, save }: RuleFormProps) {
  const [touched, setTouched] = useState<ReadonlySet<RuleField>>(new Set());
  const [submitted, setSubmitted] = useState(false);
  const [refused, setRefused] = useState(NO_PROBLEMS);
  const [busy, setBusy] = useState(false);
  const { next, preview, wrong, problems: found } = useProblems(draft, rules, touched, submitted);
  const problems: RuleProblems = { fields: { ...refused.fields, ...found.fields }, others: [...refused.others, ...found.others] };

  const change = (part: Partial<RuleDraft>) => {
    held.value = { ...draft, ...part };
    setRefused(NO_PROBLEMS);
  };
  const edit = (field: RuleField, text: string) => {
    change({ text: { ...draft.text, [field]: text } });
    setTouched((before) => new Set(before).add(field));
  };
  const submit = async () => {
    setSubmitted(true);
    if (draftProblem(draft)) return;
    setBusy(true);
    const asked = held.value;
    const error = await save(next.rules);
    setBusy(false);
    if (!error) held.value = null;
    else if (held.value === asked) setRefused(problemsOf(error, next.index)); // it is about what was sent, not about what was typed since
  };
  const field = (name: RuleField, label: string, more: Partial<TextFieldProps> = {}) => (
    <TextField label={label} value={draft.text[name]} onInput={(text) => edit(name, text)} error={problems.fields[name] ?? null} onEnter={() => void submit()} {...more} />
  );
  const unfolded = LONG_FIELDS.some((name) => problems.fields[name] !== undefined) || draft.text.long_threshold !== "" || draft.text.tiers !== "";
  const older = olderOpen(rules, draft);
  return (
    <section>
      <div class="tv-part__head">
        <h3>{draft.place === null ? "New price rule" : "Edit price rule"}</h3>
        <span class="tv-sub">dollars per million tokens</span>
      </div>
      <div class="tv-fields">
        {field("pattern", "Model pattern", { mono: true, autofocus: true, class: "tv-fields__wide", hint: "* stands for anything: gpt-5*" })}
        <ProviderField value={draft.text.provider} error={problems.fields.provider ?? null} onChange={(id) => edit("provider", id)} />
        {field("effective_from", "From (UTC day)", { type: "date", hint: "blank: always" })}
        {field("effective_to", "Until, not included", { type: "date", hint: "blank: no end" })}
      </div>
      {older !== null && (
        <div class="tv-closes">
          <Switch
            label={`End the older rule for ${draft.text.pattern.trim()} on ${draft.text.effective_from}`}
            hint="Then the two leave no hole and do not overlap."
            checked={draft.closes}
            onChange={(closes) => change({ closes })}
          />
        </div>
      )}
      <div class="tv-fields tv-fields--next">
        {field("input", "Input", { placeholder: "1.25" })}
        {field("cache_read", "Read from cache", { placeholder: "as input" })}
        {field("cache_write", "Written to cache", { placeholder: "as input" })}
        {field("cache_write_1h", "Written for 1 h", { placeholder: "as written" })}
        {field("output", "Output", { placeholder: "10.00" })}
      </div>
      <details class="tv-more" open={unfolded || undefined}>
        <summary>Long prompts and tiers</summary>
        <div class="tv-fields" role="group" aria-label="Rates of long prompts">
          {field("long_threshold", "Above prompt tokens", { placeholder: "272000" })}
          {field("long_input", "Input")}
          {field("long_cache_read", "Read from cache", { placeholder: "as input" })}
          {field("long_cache_write", "Written to cache", { placeholder: "as input" })}
          {field("long_cache_write_1h", "Written for 1 h", { placeholder: "in proportion" })}
          {field("long_output", "Output")}
        </div>
        <div class="tv-fields tv-fields--next">
          {field("tiers", "Tiers and their factor", { placeholder: "priority=2, batch=0.5", class: "tv-fields__wide" })}
          <FlatTiers draft={draft} error={problems.fields.flat_tiers ?? null} onChange={(text) => edit("flat_tiers", text)} />
        </div>
      </details>
      {problems.others.map((message) => (
        <p key={message} class="tv-problem" role="alert">
          {message}
        </p>
      ))}
      <PreviewBox preview={preview} waiting={wrong ? "Complete the rule to see what it changes." : "Working out what this changes …"} />
      <div class="tv-buttons">
        <Button kind="primary" busy={busy} disabled={busy} onClick={() => void submit()}>
          Save rule
        </Button>
        <Button onClick={() => (held.value = null)}>Cancel</Button>
      </div>
    </section>
  );
}

/** Which of the tiers pay their factor alone, without the rates of long prompts on top. */
function FlatTiers({ draft, error, onChange }: { draft: RuleDraft; error: string | null; onChange: (text: string) => void }) {
  const tiers = Object.keys(readTiers(draft.text.tiers) ?? {}).map((name) => name.toLowerCase());
  if (tiers.length === 0 || draft.text.long_threshold.trim() === "") return null;
  const flat = readNames(draft.text.flat_tiers);
  const toggle = (name: string, on: boolean) => onChange((on ? [...flat, name] : flat.filter((each) => each !== name)).join(", "));
  return (
    <fieldset class="tv-flat tv-fields__wide">
      <legend class="td-field__label">No long-prompt rates on top for</legend>
      {tiers.map((name) => (
        <label key={name} class="tv-flat__tier">
          <input type="checkbox" checked={flat.includes(name)} onChange={(event) => toggle(name, event.currentTarget.checked)} />
          {name}
        </label>
      ))}
      {error !== null && <p class="tv-problem">{error}</p>}
    </fieldset>
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
