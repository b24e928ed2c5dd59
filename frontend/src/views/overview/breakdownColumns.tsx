/** The columns of the breakdown. */
import type { Breakdown, BreakdownRow, Dimension } from "../../api/types";
import { Badge, type Column } from "../../components";
import { colorBook } from "../../lib/colors";
import { decimalToNumber } from "../../lib/decimal";
import { exactMoney, exactTokens, formatMoney, formatShare } from "../../lib/format";
import { pathLabels, visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { useStore } from "../../state/context";
import { SwatchName } from "../shared/ModelCell";
import { cacheWritten, costParts, useTokenFormat } from "../shared/figures";
import { dimensionLabel } from "./words";

/** Columns for the rows of a breakdown; the total row and the children are drawn by the same. */
export function useBreakdownColumns(breakdown: Breakdown): Column<BreakdownRow>[] {
  const format = useTokenFormat();
  const { overlays } = useStore();
  const hasWrites = cacheWritten(breakdown.total.usage.tokens) > 0;
  const openPricing = () => overlays.openSettings("pricing");
  return [
    nameColumn(breakdown),
    tokenColumn("tokens", "Tokens", format, (row) => row.usage.tokens.total_tokens),
    tokenColumn("input", "Input", format, (row) => row.usage.tokens.input_tokens, "narrow"),
    tokenColumn("cached", "Cached", format, (row) => row.usage.tokens.cache_read_tokens, "narrow"),
    ...(hasWrites ? [tokenColumn("written", "Written", format, (row) => cacheWritten(row.usage.tokens), "narrow")] : []),
    tokenColumn("output", "Output", format, (row) => row.usage.tokens.output_tokens, "tiny"),
    tokenColumn("reasoning", "Reasoning", format, (row) => row.usage.tokens.reasoning_tokens, "narrow"),
    costColumn(breakdown, openPricing),
    {
      key: "rate",
      header: "per 1M",
      headerTitle: "Cost per million tokens",
      align: "right",
      hideWhen: "tiny",
      cell: (row) => (row.cost_per_million_usd === null ? "–" : formatMoney(row.cost_per_million_usd)),
      sortValue: (row) => decimalToNumber(row.cost_per_million_usd),
    },
    { key: "share", header: "Share", headerTitle: "Of the tokens of the range", align: "right", hideWhen: "narrow", cell: (row) => formatShare(row.share), sortValue: (row) => row.share },
  ];
}

function nameColumn({ by, rows, total }: Breakdown): Column<BreakdownRow> {
  const top = new Set(rows);
  const paths = by === "project" ? pathLabels(rows) : null;
  return {
    key: "name",
    header: dimensionLabel(by),
    maxWidth: "min(260px, 42vw)",
    cell: (row) => (row === total ? "Total" : <SwatchName name={row.key} label={paths?.get(row.key) ?? row.label} title={paths ? visibleText(row.key) : undefined} plain={!top.has(row) || by !== "model"} />),
    sortValue: (row) => row.label,
  };
}

function tokenColumn(
  key: string,
  header: string,
  format: (tokens: number) => string,
  value: (row: BreakdownRow) => number,
  hideWhen?: "narrow" | "tiny",
): Column<BreakdownRow> {
  return {
    key,
    header,
    align: "right",
    cell: (row) => format(value(row)),
    title: (row) => exactTokens(value(row)),
    sortValue: value,
    ...(hideWhen ? { hideWhen } : {}),
  };
}

function costColumn({ by, rows, total }: Breakdown, openPricing: () => void): Column<BreakdownRow> {
  const cost = (row: BreakdownRow) => decimalToNumber(row.usage.cost.usd);
  const highest = Math.max(...rows.map((row) => cost(row) ?? 0), 0);
  return {
    key: "cost",
    header: "Cost",
    align: "right",
    cell: (row) => <CostCell row={row} onOpen={openPricing} />,
    title: (row) => (row.usage.cost.usd === null ? undefined : `${exactMoney(row.usage.cost.usd)}\n${costParts(row.usage.cost).join(", ")}`),
    sortValue: cost,
    bar: (row) => (row === total || highest === 0 || row.usage.cost.usd === null ? null : (cost(row) ?? 0) / highest),
    barColor: (row) => rowColor(by, row),
  };
}

function rowColor(by: Dimension, row: BreakdownRow): string {
  if (by === "model" && row.children.length > 0) return colorBook.colorOf(row.key);
  return by === "provider" ? providerColor(row.key) : "var(--accent)";
}

function CostCell({ row, onOpen }: { row: BreakdownRow; onOpen: () => void }) {
  if (row.usage.cost.usd === null) {
    return (
      <Badge tone="warn" title="No price is known for this; click to add one" onClick={onOpen}>
        unpriced
      </Badge>
    );
  }
  return (
    <>
      {formatMoney(row.usage.cost.usd)}
      {row.unpriced && (
        <span class="tv-partly" title="A part of it has no price and is not in this sum">
          +?
        </span>
      )}
    </>
  );
}
