/** Prices: the user's own rules, which rule prices which model, and what has no price. */
import { useState } from "preact/hooks";
import type { Pricing, PriceRuleInput } from "../../api/types";
import { Button, ErrorState, Skeleton } from "../../components";
import { useStore } from "../../state/context";
import { ConfirmDialog } from "./ConfirmDialog";
import { ModelPrices } from "./ModelPrices";
import { draftOf, newDraft, type RuleDraft } from "./ruleDraft";
import { RuleForm } from "./RuleForm";
import { RuleTable } from "./RuleTable";
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

function Content({ data, state }: { data: Pricing; state: PricingState }) {
  const { notify } = useStore();
  const [draft, setDraft] = useState<RuleDraft | null>(null);
  const [leaving, setLeaving] = useState<number | null>(null);
  if (draft !== null) return <RuleForm draft={draft} rules={data.rules} save={state.save} onDone={() => setDraft(null)} />;

  const remove = async (place: number) => {
    const error = await state.save(data.rules.filter((_, at) => at !== place));
    setLeaving(null);
    if (error) notify(error.message, "error");
  };
  const edit = (rule: PriceRuleInput) => setDraft(draftOf(rule, data.rules.indexOf(rule)));
  return (
    <>
      <section class="tv-part">
        <div class="tv-part__head">
          <h3>Your rules</h3>
          <span class="tv-sub">dollars per million tokens; they come before the catalogue</span>
          <Button icon="plus" onClick={() => setDraft(newDraft())}>
            Add rule
          </Button>
        </div>
        <RuleTable rules={data.rules} onEdit={edit} onRemove={(rule) => setLeaving(data.rules.indexOf(rule))} />
      </section>
      <ModelPrices data={data} onPrice={(model) => setDraft(newDraft(model.model, model.provider))} />
      <ConfirmDialog open={leaving !== null} title="Delete this rule?" action="Delete" onClose={() => setLeaving(null)} onConfirm={() => leaving !== null && void remove(leaving)}>
        <p class="tv-part__text">Models that it priced fall back to your other rules, then to the catalogue. Every cost on the page changes at once.</p>
      </ConfirmDialog>
    </>
  );
}
