/** The user's price rules, in the order in which they are asked. */
import { useState } from "preact/hooks";
import type { PriceRuleInput } from "../../api/types";
import { Ellipsis, IconButton, Table, TextField, type Column } from "../../components";
import { formatTokens } from "../../lib/format";
import { useStore } from "../../state/context";

/** "1.25" as dollars, with cents at least; what is not stated is a dash. */
export function rate(text: string | null): string {
  if (text === null || text === "") return "–";
  const [whole = "0", fraction = ""] = text.split(".");
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction.replace(/0+$/, "").padEnd(2, "0")}`;
}

/** The UTC days of a rule or a period, the last one not included. */
export const daysOf = (from: string | null, to: string | null): string => {
  if (from === null && to === null) return "always";
  if (to === null) return `from ${from}`;
  return from === null ? `until ${to}` : `${from} to ${to}`;
};

/** What else a rule says, in a few words and, for hover, in full. */
export function moreOf(rule: PriceRuleInput): { short: string; full: string } {
  const tiers = Object.entries(rule.tiers);
  const flat = rule.flat_tiers ?? ["priority"];
  const writes = [rule.cache_write !== null && `written ${rate(rule.cache_write)}`, rule.cache_write_1h !== null && `for 1 h ${rate(rule.cache_write_1h)}`].filter(Boolean);
  const long = rule.long_threshold === null ? [] : [`above ${formatTokens(rule.long_threshold)} prompt tokens: input ${rate(rule.long_input)}, cached ${rate(rule.long_cache_read)}, output ${rate(rule.long_output)}`];
  const factors = tiers.map(([name, factor]) => `${name} × ${factor}${rule.long_threshold !== null && flat.includes(name) ? ", no long-prompt rates on top" : ""}`);
  const short = [
    writes.length > 0 && "writes",
    rule.long_threshold !== null && `>${formatTokens(rule.long_threshold)}`,
    tiers.length > 0 && (tiers.length === 1 ? "1 tier" : `${tiers.length} tiers`),
  ];
  return { short: short.filter(Boolean).join(" · "), full: [...writes, ...long, ...factors].join("\n") };
}

interface RuleTableProps {
  rules: readonly PriceRuleInput[];
  onEdit: (rule: PriceRuleInput) => void;
  onCopy: (rule: PriceRuleInput) => void;
  onRemove: (rule: PriceRuleInput) => void;
}

const FILTER_FROM = 2;

/** The rules in order of precedence; a click edits one. */
export function RuleTable({ rules, onEdit, onCopy, onRemove }: RuleTableProps) {
  const { provider } = useStore();
  const [wanted, setWanted] = useState("");
  const nameOf = (rule: PriceRuleInput): string => (rule.provider === null ? "any" : (provider(rule.provider)?.name ?? rule.provider));
  const words = wanted.trim().toLowerCase();
  const shown = rules.filter((rule) => `${rule.pattern} ${nameOf(rule)}`.toLowerCase().includes(words));
  const columns: Column<PriceRuleInput>[] = [
    { key: "pattern", header: "Model pattern", maxWidth: "170px", cell: (rule) => <Ellipsis text={rule.pattern} mono /> },
    { key: "provider", header: "Provider", hideWhen: "narrow", cell: nameOf },
    { key: "days", header: "UTC days, and more", hideWhen: "tiny", cell: (rule) => <DaysCell rule={rule} />, title: (rule) => ["UTC days; the last one is not included", moreOf(rule).full].filter(Boolean).join("\n") },
    { key: "input", header: "Input", align: "right", cell: (rule) => rate(rule.input) },
    { key: "cached", header: "Cached", align: "right", hideWhen: "tiny", cell: (rule) => rate(rule.cache_read) },
    { key: "output", header: "Output", align: "right", cell: (rule) => rate(rule.output) },
    {
      key: "work",
      header: "",
      align: "right",
      cell: (rule) => (
        <span class="tv-rules__work">
          <IconButton icon="copy" size="small" label={`Duplicate the rule for ${rule.pattern}`} onClick={() => onCopy(rule)} />
          <IconButton icon="trash" size="small" label={`Delete the rule for ${rule.pattern}`} onClick={() => onRemove(rule)} />
        </span>
      ),
    },
  ];
  const empty = rules.length === 0 ? "No rule of your own. The catalogue prices every model it knows." : `No rule matches “${wanted.trim()}”.`;
  return (
    <>
      {rules.length >= FILTER_FROM && <TextField label="Filter rules" hideLabel type="search" placeholder="Filter by model or provider" class="tv-rules__filter" value={wanted} onInput={setWanted} />}
      <div class="tv-rules">
        <Table label="Your price rules" dense columns={columns} rows={shown} rowKey={(rule) => `${rule.id} ${rule.pattern} ${rule.effective_from}`} onRow={onEdit} empty={empty} maxHeight="360px" />
      </div>
    </>
  );
}

function DaysCell({ rule }: { rule: PriceRuleInput }) {
  const { short } = moreOf(rule);
  return (
    <>
      {daysOf(rule.effective_from, rule.effective_to)}
      {short !== "" && <span class="tv-rules__more">{short}</span>}
    </>
  );
}
