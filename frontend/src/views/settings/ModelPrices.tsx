/** Which rule prices each model that was seen, today and before; what has no price comes first. */
import type { ModelPrice, PricePeriod, Pricing } from "../../api/types";
import { Badge, Button, Ellipsis, Table, type Column } from "../../components";
import { exactTokens, formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";
import { daysOf, rate } from "./RuleTable";

interface ModelPricesProps {
  data: Pricing;
  onPrice: (model: ModelPrice) => void;
}

/** A model, or one of its periods under it. */
interface Line {
  model: ModelPrice;
  period: PricePeriod | null;
}

const unpriced = (model: ModelPrice): boolean => model.unpriced_tokens > 0 || model.source === "unpriced";
const keyOf = ({ model, period }: Line): string => `${model.provider} ${model.model} ${period?.effective_from ?? ""}`;

/** Its periods, the newest first, where there were several. */
const periodsOf = ({ model, period }: Line): Line[] => (period !== null || model.periods.length < 2 ? [] : [...model.periods].reverse().map((each) => ({ model, period: each })));

/** The list of models. */
export function ModelPrices({ data, onPrice }: ModelPricesProps) {
  const { provider } = useStore();
  const format = useTokenFormat();
  const models = [...data.models].sort((a, b) => Number(unpriced(b)) - Number(unpriced(a)) || b.tokens - a.tokens);
  const missing = models.filter(unpriced).length;
  const ruleOf = ({ model, period }: Line) => (period ?? model).rule;
  const tokensOf = ({ model, period }: Line) => (period ?? model).tokens;
  const columns: Column<Line>[] = [
    {
      key: "model",
      header: "Model",
      maxWidth: "min(190px, 40vw)",
      cell: ({ model, period }) =>
        period === null ? <Ellipsis text={model.model} title={`${provider(model.provider)?.name ?? model.provider}: ${model.model}\nused from ${model.first_day} to ${model.last_day}`} /> : <span class="tv-quiet">{daysOf(period.effective_from, period.effective_to)}</span>,
    },
    { key: "tokens", header: "Tokens", align: "right", hideWhen: "tiny", cell: (line) => format(tokensOf(line)), title: (line) => exactTokens(tokensOf(line)) },
    { key: "source", header: "Priced by", maxWidth: "min(240px, 36vw)", cell: (line) => <SourceCell line={line} /> },
    { key: "input", header: "Input", align: "right", hideWhen: "tiny", cell: (line) => rate(ruleOf(line)?.input ?? null) },
    { key: "cached", header: "Cached", align: "right", hideWhen: "tiny", cell: (line) => rate(ruleOf(line)?.cache_read ?? null) },
    { key: "output", header: "Output", align: "right", hideWhen: "tiny", cell: (line) => rate(ruleOf(line)?.output ?? null) },
    { key: "add", header: "", align: "right", cell: ({ model, period }) => period === null && <PriceButton model={model} onPrice={onPrice} /> },
  ];
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Models</h3>
        {missing > 0 && <Badge tone="warn">{formatCount(missing, "model")} unpriced</Badge>}
        <span class="tv-sub">price catalogue {data.catalogue_version}</span>
      </div>
      <p class="tv-part__text">What prices each model today; unfold one to see what priced it before, or will.</p>
      <div class="tv-rules">
        <Table label="Models and their prices" dense columns={columns} rows={models.map((model) => ({ model, period: null }))} rowKey={keyOf} childrenOf={periodsOf} empty="No model has been seen yet." maxHeight="420px" />
      </div>
    </section>
  );
}

function SourceCell({ line: { model, period } }: { line: Line }) {
  const { source, rule, estimated } = period ?? model;
  if (source === "unpriced") return <Badge tone="warn">unpriced</Badge>;
  const partly = period === null && model.unpriced_tokens > 0 && (
    <Badge tone="warn" title={`${exactTokens(model.unpriced_tokens)} tokens of earlier or later days have no price`}>
      partly unpriced
    </Badge>
  );
  const by = source === "user" ? <Ellipsis text={`your rule ${rule?.pattern ?? ""}`} /> : <span class="tv-quiet">{estimated ? "catalogue, by a similar name" : "catalogue"}</span>;
  return (
    <span class="tv-source">
      {by}
      {partly}
    </span>
  );
}

function PriceButton({ model, onPrice }: { model: ModelPrice; onPrice: (model: ModelPrice) => void }) {
  return (
    <Button kind="link" onClick={() => onPrice(model)}>
      {unpriced(model) ? "Add price" : model.source === "user" ? "Edit rule" : "Override"}
    </Button>
  );
}
