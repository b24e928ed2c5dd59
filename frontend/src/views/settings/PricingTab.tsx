/** Prices: the user's own rules, which rule prices which model, and what has no price. */
import { useEffect, useState } from "preact/hooks";
import type { ModelPrice, Pricing, PriceRuleInput } from "../../api/types";
import { ErrorState, Skeleton } from "../../components";
import { formatCount } from "../../lib/format";
import { dayIn, now } from "../../lib/time";
import { useStore } from "../../state/context";
import { ConfirmDialog } from "./ConfirmDialog";
import { PreviewBox } from "./EffectView";
import { ImportDialog } from "./ImportDialog";
import { ModelPrices } from "./ModelPrices";
import { PriceActions, UndoLine } from "./PriceActions";
import { draftOf, newDraft, type RuleDraft } from "./ruleDraft";
import { RuleForm } from "./RuleForm";
import { copyOf, placed } from "./rulePeriods";
import { RuleTable } from "./RuleTable";
import { usePreview } from "./usePreview";
import { usePriceFile } from "./usePriceFile";
import { usePricing, type PricingState } from "./usePricing";
import "./pricing.css";

/** The tab of the prices: a list, or the form of one rule. */
export function PricingTab() {
  const state = usePricing();
  const data = state.pricing.data.value;
  if (data !== null) return <Content data={data} state={state} />;
  const failed = state.pricing.error.value;
  return failed ? <ErrorState message={failed.message} onRetry={() => void state.pricing.load({})} /> : <Skeleton shape="table" rows={8} />;
}

/** A draft for a model: for the days that have no price, of its own rule, or over what the catalogue says. */
function draftFor(model: ModelPrice, rules: readonly PriceRuleInput[]): RuleDraft {
  const gap = model.periods.find((period) => period.rule === null && period.tokens > 0) ?? model.periods.find((period) => period.rule === null);
  if (gap) return newDraft(model.model, model.provider, gap.effective_from, gap.effective_to);
  const { rule } = model;
  if (rule === null) return newDraft(model.model, model.provider, model.first_day);
  const place = rules.findIndex((each) => each.id === rule.id);
  return model.source === "user" && place >= 0 ? draftOf(rule, place) : draftOf({ ...rule, pattern: model.model, provider: model.provider }, null);
}

function Content({ data, state }: { data: Pricing; state: PricingState }) {
  const [leaving, setLeaving] = useState<PriceRuleInput | "all" | null>(null);
  const file = usePriceFile();
  const { draft } = state;
  const { rules } = data;
  const today = dayIn(now.value, "UTC");
  if (draft.value !== null) return <RuleForm draft={draft} shown={placed(draft.value, rules)} rules={rules} save={state.save} />;
  return (
    <>
      <section class="tv-part">
        <div class="tv-part__head">
          <h3>Your rules</h3>
          <span class="tv-sub">dollars per million tokens</span>
          <PriceActions rules={rules.length} file={file} onAdd={() => (draft.value = newDraft())} onReset={() => setLeaving("all")} />
        </div>
        <Precedence />
        {data.undo !== null && <UndoLine undo={data.undo} onUndo={() => void state.undo()} />}
        <RuleTable
          rules={rules}
          onEdit={(rule) => (draft.value = draftOf(rule, rules.indexOf(rule)))}
          onCopy={(rule) => (draft.value = copyOf(rule, rules, today))}
          onRemove={setLeaving}
        />
      </section>
      <ModelPrices data={data} onPrice={(model) => (draft.value = draftFor(model, rules))} />
      {leaving !== null && <Leaving what={leaving} rules={rules} save={state.save} onClose={() => setLeaving(null)} />}
      {file.chosen !== null && <ImportDialog file={file.chosen} onImport={state.take} onClose={file.forget} />}
    </>
  );
}

function Precedence() {
  return (
    <p class="tv-part__text tv-rules__order">
      The first rule that fits prices a response, and your rules come before the catalogue. Among yours an exact name comes before a pattern with *, a longer pattern before a shorter one, one provider
      before any, and a later start before an earlier one. The table stands in this order; there is nothing to arrange.
    </p>
  );
}

interface LeavingProps {
  what: PriceRuleInput | "all";
  rules: readonly PriceRuleInput[];
  save: PricingState["save"];
  onClose: () => void;
}

/** Asks before rules go, and says what that changes. */
function Leaving({ what, rules, save, onClose }: LeavingProps) {
  const { notify } = useStore();
  const [busy, setBusy] = useState(false);
  const all = what === "all";
  // By number, because the list is read again whenever figures are.
  const left = what === "all" ? [] : rules.filter((rule) => rule.id !== what.id);
  const preview = usePreview(left, 0);
  const gone = !all && left.length === rules.length;
  useEffect(() => {
    if (gone) onClose();
  }, [gone]);
  const remove = async () => {
    setBusy(true);
    const error = await save(left);
    setBusy(false);
    if (error) notify(error.message, "error");
    onClose();
  };
  return (
    <ConfirmDialog open title={all ? "Reset to the catalogue?" : "Delete this rule?"} action={all ? "Reset" : "Delete"} busy={busy} waiting={preview.stale} onClose={onClose} onConfirm={() => void remove()}>
      <p class="tv-part__text">
        {all
          ? `Your ${formatCount(rules.length, "rule")} ${rules.length === 1 ? "goes" : "go"}; the catalogue prices every model it knows. You can undo it.`
          : "Models that it priced fall back to your other rules, then to the catalogue. You can undo it."}
      </p>
      <PreviewBox preview={preview} waiting="" />
    </ConfirmDialog>
  );
}
