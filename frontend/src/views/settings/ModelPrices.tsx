/** Which rule prices each model that was seen; what has no price comes first. */
import type { ModelPrice, Pricing } from "../../api/types";
import { Badge, Button, Ellipsis, Table, type Column } from "../../components";
import { exactTokens, formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";
import { rate } from "./RuleTable";

interface ModelPricesProps {
  data: Pricing;
  onPrice: (model: ModelPrice) => void;
}

/** The list of models. */
export function ModelPrices({ data, onPrice }: ModelPricesProps) {
  const { provider } = useStore();
  const format = useTokenFormat();
  const order = { unpriced: 0, user: 1, catalogue: 2 };
  const rows = [...data.models].sort((a, b) => Math.min(order[a.source], 1) - Math.min(order[b.source], 1) || b.tokens - a.tokens);
  const unpriced = rows.filter((model) => model.source === "unpriced").length;
  const columns: Column<ModelPrice>[] = [
    { key: "model", header: "Model", maxWidth: "150px", cell: (model) => <Ellipsis text={model.model} title={`${provider(model.provider)?.name ?? model.provider}: ${model.model}`} /> },
    { key: "tokens", header: "Tokens", align: "right", hideWhen: "tiny", cell: (model) => format(model.tokens), title: (model) => exactTokens(model.tokens) },
    { key: "source", header: "Priced by", maxWidth: "150px", cell: (model) => <SourceCell model={model} /> },
    { key: "input", header: "Input", align: "right", hideWhen: "tiny", cell: (model) => rate(model.rule?.input ?? null) },
    { key: "cached", header: "Cached", align: "right", hideWhen: "tiny", cell: (model) => rate(model.rule?.cache_read ?? null) },
    { key: "output", header: "Output", align: "right", hideWhen: "tiny", cell: (model) => rate(model.rule?.output ?? null) },
    { key: "add", header: "", align: "right", cell: (model) => <PriceButton model={model} onPrice={onPrice} /> },
  ];
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Models</h3>
        {unpriced > 0 && <Badge tone="warn">{formatCount(unpriced, "model")} unpriced</Badge>}
        <span class="tv-sub">price catalogue {data.catalogue_version}</span>
      </div>
      <Table label="Models and their prices" dense columns={columns} rows={rows} rowKey={(model) => `${model.provider} ${model.model}`} empty="No model has been seen yet." maxHeight="420px" />
    </section>
  );
}

function SourceCell({ model }: { model: ModelPrice }) {
  if (model.source === "unpriced") return <Badge tone="warn">unpriced</Badge>;
  if (model.source === "user") return <Ellipsis text={`your rule ${model.rule?.pattern ?? ""}`} />;
  return <span class="tv-quiet">{model.estimated ? "catalogue, by a similar name" : "catalogue"}</span>;
}

function PriceButton({ model, onPrice }: { model: ModelPrice; onPrice: (model: ModelPrice) => void }) {
  return (
    <Button kind="link" onClick={() => onPrice(model)}>
      {model.source === "unpriced" ? "Add price" : "Override"}
    </Button>
  );
}
