/** The form of a budget: what is wrong stands beside its field, and what was used so far under it. */
import { useEffect, useState } from "preact/hooks";
import type { Alerts, Budget, BudgetStatus } from "../../api/types";
import { toApiError } from "../../api/client";
import { Button, Dialog, Segmented, Select, TextField } from "../../components";
import { formatMoney } from "../../lib/format";
import { currency, isConverted } from "../../lib/currency";
import { isPrivate } from "../../lib/privacy";
import { lastPathPart, pathLabels } from "../../lib/text";
import { useStore } from "../../state/context";
import { PERIODS, readSteps, scopeOf, soFarWords, unpricedWords, withScope, writeSteps, type Scope } from "./alertDraft";

const LOOK_AFTER_MS = 250;
const UNITS = [
  { value: "usd", label: "Money" },
  { value: "tokens", label: "Tokens" },
] as const;

interface BudgetDialogProps {
  budget: Budget;
  isNew: boolean;
  data: Alerts;
  onClose: () => void;
  onSave: (budget: Budget) => Promise<string | null>;
}

type Problem = { field: string; message: string };

/** Adds or edits one budget. */
export function BudgetDialog({ budget, isNew, data, onClose, onSave }: BudgetDialogProps) {
  const [draft, setDraft] = useState(budget);
  const [steps, setSteps] = useState(writeSteps(budget.steps));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const found = useBudgetStatus(draft);
  const read = readSteps(steps);
  const change = (part: Partial<Budget>) => {
    setDraft({ ...draft, ...part });
    setProblem(null);
  };
  const save = async () => {
    if (typeof read === "string") return setProblem({ field: "steps", message: read });
    const whole = { ...draft, amount: draft.amount.trim(), steps: read };
    setBusy(true);
    const wrong = await found.check(whole);
    const failed = wrong ?? (await onSave(whole).then((message) => (message === null ? null : { field: "", message })));
    setBusy(false);
    setProblem(failed);
    if (failed === null) onClose();
  };
  const wrongAt = (field: string) => (problem?.field === field ? problem.message : null);
  return (
    <Dialog
      open
      size="small"
      title={isNew ? "Add a budget" : "Edit the budget"}
      onClose={onClose}
      closeBeside={false}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={busy} disabled={busy || draft.amount.trim() === ""} onClick={() => void save()}>
            {isNew ? "Add" : "Save"}
          </Button>
        </>
      }
    >
      <div class="tv-budget-form">
        <Segmented label="Unit" value={draft.unit} options={UNITS} onChange={(unit) => change({ unit })} />
        <TextField
          label={draft.unit === "usd" ? "Amount in US dollars" : "Amount of tokens"}
          value={draft.amount}
          autofocus
          placeholder={draft.unit === "usd" ? "50" : "5000000"}
          error={wrongAt("amount")}
          hint={converted(draft)}
          onInput={(amount) => change({ amount })}
          onEnter={() => void save()}
        />
        <Select label="Period" showLabel value={draft.period} options={PERIODS} onChange={(period) => change({ period })} />
        {draft.period === "cycle" && (
          <TextField
            label="Begins on day of the month"
            type="number"
            value={String(draft.start_day)}
            error={wrongAt("start_day")}
            hint="In a shorter month it begins on its last day."
            onInput={(day) => change({ start_day: Math.trunc(Number(day)) || 0 })}
          />
        )}
        <ScopeSelect budget={draft} data={data} onChange={(scope) => change(withScope(draft, scope))} />
        {wrongAt("scope") !== null && <p class="tv-problem">{wrongAt("scope")}</p>}
        <TextField
          label="Tell at percent"
          value={steps}
          error={wrongAt("steps")}
          hint="with commas between them"
          onInput={(text) => {
            setSteps(text);
            setProblem(null);
          }}
          onEnter={() => void save()}
        />
        {problem?.field === "" && <p class="tv-problem">{problem.message}</p>}
        <p class="tv-budget-form__preview" role="status">
          {found.status === null ? "What was used so far shows here." : `${soFarWords(draft, found.status)}. ${unpricedWords(found.status) ?? ""}`}
        </p>
      </div>
    </Dialog>
  );
}

/** What a draft would be now; it is asked a moment after the last change. */
function useBudgetStatus(draft: Budget): { status: BudgetStatus | null; check: (budget: Budget) => Promise<Problem | null> } {
  const { transport } = useStore();
  const [status, setStatus] = useState<BudgetStatus | null>(null);
  const key = JSON.stringify({ ...draft, steps: [] });
  useEffect(() => {
    setStatus(null);
    if (draft.amount.trim() === "") return undefined;
    let isLast = true;
    const timer = setTimeout(() => {
      const asked = { ...draft, amount: draft.amount.trim(), steps: [100] };
      transport.invoke("alerts.budget", { budget: asked }).then(
        (answer) => isLast && setStatus(answer),
        () => undefined,
      );
    }, LOOK_AFTER_MS);
    return () => {
      isLast = false;
      clearTimeout(timer);
    };
  }, [key, transport]);
  return {
    status,
    async check(budget) {
      try {
        await transport.invoke("alerts.budget", { budget });
        return null;
      } catch (thrown) {
        const { message, details } = toApiError(thrown);
        return { field: typeof details["field"] === "string" ? details["field"] : "", message };
      }
    },
  };
}

/** "= €46.00" where amounts are shown in another currency. */
function converted(budget: Budget): string | undefined {
  if (budget.unit !== "usd" || !isConverted(currency.value) || !/^\d+(\.\d+)?$/.test(budget.amount.trim())) return undefined;
  return `= ${formatMoney(budget.amount.trim())}`;
}

function ScopeSelect({ budget, data, onChange }: { budget: Budget; data: Alerts; onChange: (scope: Scope) => void }) {
  const { app } = useStore();
  const value = scopeOf(budget);
  const paths = pathLabels(data.projects.map((project) => ({ key: project, label: lastPathPart(project) })));
  const options: { value: Scope; label: string }[] = [
    { value: "all", label: "Everything" },
    ...app.value.providers.map(({ id, name }) => ({ value: `provider:${id}` as const, label: name })),
    ...data.models.map((model) => ({ value: `model:${model}` as const, label: `Model ${model}` })),
    // In privacy mode the names are not those that could be saved.
    ...(isPrivate.value ? [] : data.projects.map((project) => ({ value: `project:${project}` as const, label: `Project ${paths.get(project) ?? project}` }))),
  ];
  const shown = options.some((option) => option.value === value) ? options : [...options, { value, label: isPrivate.value && budget.project !== null ? "A project" : value.slice(value.indexOf(":") + 1) }];
  return <Select label="For" showLabel value={value} options={shown} onChange={onChange} />;
}
