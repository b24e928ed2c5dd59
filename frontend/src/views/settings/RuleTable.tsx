/** The user's price rules. */
import type { PriceRuleInput } from "../../api/types";
import { Ellipsis, IconButton, Table, type Column } from "../../components";
import { useStore } from "../../state/context";

/** "1.25" as dollars, with cents at least; what is not stated is a dash. */
export function rate(text: string | null): string {
  if (text === null || text === "") return "–";
  const [whole = "0", fraction = ""] = text.split(".");
  return `$${whole}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

const daysOf = (rule: PriceRuleInput): string => {
  if (rule.effective_from === null && rule.effective_to === null) return "always";
  if (rule.effective_to === null) return `from ${rule.effective_from}`;
  return rule.effective_from === null ? `until ${rule.effective_to}` : `${rule.effective_from} to ${rule.effective_to}`;
};

interface RuleTableProps {
  rules: readonly PriceRuleInput[];
  onEdit: (rule: PriceRuleInput) => void;
  onRemove: (rule: PriceRuleInput) => void;
}

/** The rules in order of precedence; a click edits one. */
export function RuleTable({ rules, onEdit, onRemove }: RuleTableProps) {
  const { provider } = useStore();
  const columns: Column<PriceRuleInput>[] = [
    { key: "pattern", header: "Model pattern", maxWidth: "180px", cell: (rule) => <Ellipsis text={rule.pattern} mono /> },
    { key: "provider", header: "Provider", hideWhen: "tiny", cell: (rule) => (rule.provider === null ? "any" : (provider(rule.provider)?.name ?? rule.provider)) },
    { key: "days", header: "Days", hideWhen: "narrow", cell: daysOf, title: () => "UTC days; the last one is not included" },
    { key: "input", header: "Input", align: "right", cell: (rule) => rate(rule.input) },
    { key: "cached", header: "Cached", align: "right", hideWhen: "tiny", cell: (rule) => rate(rule.cache_read) },
    { key: "output", header: "Output", align: "right", cell: (rule) => rate(rule.output) },
    { key: "remove", header: "", align: "right", cell: (rule) => <IconButton icon="trash" size="small" label={`Delete the rule for ${rule.pattern}`} onClick={() => onRemove(rule)} /> },
  ];
  return <Table label="Your price rules" dense columns={columns} rows={rules} rowKey={(rule) => `${rule.id} ${rule.pattern} ${rule.effective_from}`} onRow={onEdit} empty="No rule of your own. The catalogue prices every model it knows." />;
}
