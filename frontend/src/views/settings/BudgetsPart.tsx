/** The budgets: how each stands, and adding, editing and deleting them. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Alerts, AlertSettings, Budget, BudgetStatus } from "../../api/types";
import { Badge, Button, Ellipsis, EmptyState, IconButton, MeterBar } from "../../components";
import { useStore } from "../../state/context";
import { amountWords, emptyBudget, periodWords, scopeWords, soFarWords, unpricedWords } from "./alertDraft";
import type { SaveAlerts } from "./AlertsTab";
import { BudgetDialog } from "./BudgetDialog";
import "./homes.css";

interface BudgetsPartProps {
  data: Alerts;
  settings: AlertSettings;
  save: SaveAlerts;
}

/** The part of the budgets. */
export function BudgetsPart({ data, settings, save }: BudgetsPartProps) {
  const [edited, setEdited] = useState<Budget | null>(null);
  const [deleted, setDeleted] = useState<Budget | null>(null);
  const { prefs, notify } = useStore();
  const { budgets } = settings;
  const put = (budget: Budget) => {
    const held = prefs.saved.peek().alerts.budgets;
    const known = held.some((each) => each.id === budget.id);
    return save({ budgets: known ? held.map((each) => (each.id === budget.id ? budget : each)) : [...held, budget] });
  };
  const remove = async (budget: Budget) => {
    const failed = await save({ budgets: prefs.saved.peek().alerts.budgets.filter((each) => each.id !== budget.id) });
    if (failed !== null) return notify(failed, "error");
    setDeleted(budget);
  };
  const undo = async (budget: Budget) => {
    const failed = await put(budget);
    if (failed !== null) return notify(failed, "error");
    setDeleted(null);
  };
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Budgets</h3>
        <Button icon="plus" onClick={() => setEdited(emptyBudget())}>
          Add budget
        </Button>
      </div>
      {deleted !== null && <Deleted key={deleted.id} budget={deleted} onUndo={() => void undo(deleted)} onDone={() => setDeleted(null)} />}
      {budgets.length === 0 ? (
        <EmptyState compact title="No budget yet">
          A budget tells when money or tokens of a day, a week, a month or a billing cycle come to an end.
        </EmptyState>
      ) : (
        <ul class="tv-rows" aria-label="Budgets">
          {budgets.map((budget) => (
            <BudgetRow
              key={budget.id}
              budget={budget}
              status={data.budgets.find((each) => each.id === budget.id && each.amount === budget.amount) ?? null}
              onEdit={() => setEdited(budget)}
              onDelete={() => void remove(budget)}
            />
          ))}
        </ul>
      )}
      {edited !== null && <BudgetDialog key={edited.id} budget={edited} isNew={!budgets.some((each) => each.id === edited.id)} data={data} onClose={() => setEdited(null)} onSave={put} />}
    </section>
  );
}

/** A budget that was just deleted, with the way back. A message outside of the settings could not be clicked. */
function Deleted({ budget, onUndo, onDone }: { budget: Budget; onUndo: () => void; onDone: () => void }) {
  const store = useStore();
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => line.current?.querySelector("button")?.focus(), []);
  return (
    <div class="tv-removed" role="status" ref={line}>
      <span class="tv-removed__text">
        Deleted the budget of {amountWords(budget.unit, budget.amount)} for {scopeWords(budget, (id) => store.provider(id)?.name ?? id)}
      </span>
      <Button onClick={onUndo}>Undo</Button>
      <IconButton icon="close" size="small" label="Hide" onClick={onDone} />
    </div>
  );
}

interface BudgetRowProps {
  budget: Budget;
  status: BudgetStatus | null;
  onEdit: () => void;
  onDelete: () => void;
}

function BudgetRow({ budget, status, onEdit, onDelete }: BudgetRowProps) {
  const store = useStore();
  const name = scopeWords(budget, (id) => store.provider(id)?.name ?? id);
  const whole = `${name}, ${amountWords(budget.unit, budget.amount)} a ${periodWords(budget).toLowerCase()}`;
  const missing = status === null ? null : unpricedWords(status);
  return (
    <li class="tv-budget">
      <div class="tv-budget__head">
        <span class="tv-budget__name">
          <Ellipsis text={name} />
        </span>
        <span class="tv-num">{amountWords(budget.unit, budget.amount)}</span>
        <Badge>{periodWords(budget)}</Badge>
        <span class="tv-budget__actions">
          <Button kind="link" onClick={onEdit}>
            Edit <span class="td-hidden">{whole}</span>
          </Button>
          <IconButton size="small" icon="trash" label={`Delete ${whole}`} onClick={onDelete} />
        </span>
      </div>
      {status !== null && (
        <>
          <MeterBar thin label={whole} percent={Math.min(100, status.percent)} written={`${Math.floor(status.percent)} %`} color="var(--accent)" steps={{ warn: budget.steps[0] ?? 80, bad: 100 }} />
          <div class="td-field__note">
            {soFarWords(budget, status)}. {missing}
          </div>
        </>
      )}
    </li>
  );
}
