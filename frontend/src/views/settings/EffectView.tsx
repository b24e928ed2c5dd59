/** What a change of the rules would do to the cost, in words and by month and model. */
import type { ModelEffect, MonthEffect, PriceEffect } from "../../api/types";
import { Ellipsis, Table, type Column } from "../../components";
import { parseDecimal } from "../../lib/decimal";
import { exactMoney, formatMoney } from "../../lib/format";
import { useTokenFormat } from "../shared/figures";
import type { Preview } from "./usePreview";

/** An amount with its sign: "+$3.20", "-$31.20". */
export function signedMoney(usd: string): string {
  return (parseDecimal(usd) ?? 0n) > 0n ? `+${formatMoney(usd)}` : formatMoney(usd);
}

/** The effect in a sentence. */
export function effectWords(effect: PriceEffect): string {
  const [only, ...more] = effect.months;
  if (only === undefined) return "This changes no cost of what was used so far.";
  if (more.length === 0) return `This changes ${only.label} by ${signedMoney(only.change_usd)}.`;
  return `This changes the cost of all time by ${signedMoney(effect.change_usd)}, in ${effect.months.length} months.`;
}

/** The live preview of a form or a question. */
export function PreviewBox({ preview, waiting }: { preview: Preview; waiting: string }) {
  const effect = preview.answer?.effect ?? null;
  return (
    <div class="tv-effect" aria-live="polite" aria-busy={preview.stale || undefined} aria-label="Effect" role="group">
      {preview.failed !== null && !preview.stale && <p class="tv-problem">{preview.failed}</p>}
      {effect !== null ? <EffectView effect={effect} /> : preview.failed === null && <p class="tv-quiet">{preview.answer === null ? "Working out what this changes …" : waiting}</p>}
    </div>
  );
}

interface Line {
  key: string;
  name: string;
  before: string | null;
  after: string | null;
  change: string;
}

const monthLine = (month: MonthEffect): Line => ({ key: month.month, name: month.label, before: month.before_usd, after: month.after_usd, change: month.change_usd });
const modelLine = (model: ModelEffect): Line => ({ key: `${model.provider} ${model.model}`, name: model.model, before: model.before_usd, after: model.after_usd, change: model.change_usd });

/** The sentence, the months and the models. */
export function EffectView({ effect }: { effect: PriceEffect }) {
  const format = useTokenFormat();
  const priced = effect.unpriced_tokens_before - effect.unpriced_tokens_after;
  return (
    <>
      <p class="tv-effect__words">
        <strong title={exactMoney(effect.change_usd)}>{effectWords(effect)}</strong>
        {priced > 0 && <span> {format(priced)} tokens that had no price get one.</span>}
        {priced < 0 && <span> {format(-priced)} tokens lose their price.</span>}
      </p>
      {effect.months.length > 0 && (
        <div class="tv-effect__tables">
          <Lines label="Change by month" first="Month" lines={effect.months.map(monthLine)} />
          <Lines label="Change by model" first="Model" lines={effect.models.map(modelLine)} />
        </div>
      )}
    </>
  );
}

function Lines({ label, first, lines }: { label: string; first: string; lines: readonly Line[] }) {
  const columns: Column<Line>[] = [
    { key: "name", header: first, maxWidth: "150px", cell: (line) => <Ellipsis text={line.name} /> },
    { key: "before", header: "Now", align: "right", hideWhen: "tiny", cell: (line) => formatMoney(line.before), title: (line) => exactMoney(line.before) },
    { key: "after", header: "Then", align: "right", cell: (line) => formatMoney(line.after), title: (line) => exactMoney(line.after) },
    { key: "change", header: "Change", align: "right", cell: (line) => signedMoney(line.change), title: (line) => exactMoney(line.change) },
  ];
  return <Table label={label} dense columns={columns} rows={lines} rowKey={(line) => line.key} maxHeight="188px" />;
}
