/** Tokens or cost over time, with the legend that carries the totals. */
import { useState } from "preact/hooks";
import type { Bucket, Dimension, Trends } from "../../api/types";
import { orderParts, TrendChart, trendParts, type Metric } from "../../charts";
import { Button, DataTableToggle, EmptyState, Legend, Segmented, Select, Skeleton, type LegendItem } from "../../components";
import { exactMoney, exactTokens, formatMoney, formatShare } from "../../lib/format";
import { useStore } from "../../state/context";
import { bucketOf, BUCKETS, dimensionOf, DIMENSIONS, RANGES } from "../../state/filters";
import { useTokenFormat } from "../shared/figures";
import { Panel } from "../shared/panel";
import { dimensionLabel } from "./words";
import "./trends.css";

const METRICS: readonly { value: Metric; label: string }[] = [
  { value: "tokens", label: "Tokens" },
  { value: "cost", label: "Cost" },
];

/** The trend of the range. */
export function TrendsPanel() {
  const { prefs, dashboard } = useStore();
  const [asTable, setAsTable] = useState(false);
  const metric = prefs.settings.value.trend_metric;
  const bucket = dashboard.data.value?.trends?.bucket;
  return (
    <Panel
      name="trends"
      title={`${metric === "cost" ? "Cost" : "Tokens"}${bucket ? ` by ${bucket}` : ""}`}
      note={<Segmented label="Measure" size="small" value={metric} options={METRICS} onChange={(value) => prefs.change({ trend_metric: value })} />}
      actions={<Controls asTable={asTable} onTable={setAsTable} />}
      skeleton={<Skeleton shape="chart" height={230} />}
    >
      {(trends) => <Body trends={trends} metric={metric} asTable={asTable} />}
    </Panel>
  );
}

function Controls({ asTable, onTable }: { asTable: boolean; onTable: (on: boolean) => void }) {
  const { prefs, filters, dashboard } = useStore();
  const settings = prefs.settings.value;
  const fitting = dashboard.data.value?.trends?.bucket;
  const before = RANGES.find((range) => range.name === filters.before.value);
  const buckets: { value: Bucket | "auto"; label: string }[] = [
    { value: "auto", label: bucketOf(settings) === null && fitting ? `Auto (${fitting})` : "Auto" },
    ...BUCKETS.map((value) => ({ value, label: `By ${value}` })),
  ];
  return (
    <>
      {before && (
        <Button kind="link" onClick={filters.widen}>
          Back to {before.label.toLowerCase()}
        </Button>
      )}
      <Select<Bucket | "auto">
        label="Width of the bars"
        value={bucketOf(settings) ?? "auto"}
        options={buckets}
        onChange={(value) => prefs.change({ bucket: value === "auto" ? null : value })}
      />
      <Select<Dimension>
        label="Stacked by"
        value={dimensionOf(settings.stack)}
        options={DIMENSIONS.map((value) => ({ value, label: `Stacked by ${value}` }))}
        onChange={(value) => prefs.change({ stack: value })}
      />
      <DataTableToggle pressed={asTable} onChange={onTable} />
    </>
  );
}

function Body({ trends, metric, asTable }: { trends: Trends; metric: Metric; asTable: boolean }) {
  const { filters, zone } = useStore();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  if (trends.series.length === 0) return <NothingUsed />;
  return (
    <div class={asTable ? "tv-trends tv-trends--table" : "tv-trends"}>
      <TrendChart
        trends={trends}
        metric={metric}
        label={`${metric === "cost" ? "Cost" : "Tokens"} by ${trends.bucket}`}
        height={230}
        asTable={asTable}
        hidden={hidden}
        onBucket={(start, end) => filters.narrow(start, end, zone.peek())}
      />
      {!asTable && <TrendLegend trends={trends} metric={metric} hidden={hidden} onToggle={toggle} />}
    </div>
  );
}

interface LegendProps {
  trends: Trends;
  metric: Metric;
  hidden: ReadonlySet<string>;
  onToggle: (key: string) => void;
}

function TrendLegend({ trends, metric, hidden, onToggle }: LegendProps) {
  const format = useTokenFormat();
  const total = useStore().dashboard.data.value?.cards?.usage ?? null;
  const amount = (usage: Trends["series"][number]["usage"]) => (metric === "cost" ? Number(usage.cost.usd ?? 0) : usage.tokens.total_tokens);
  const sum = trends.series.reduce((all, series) => all + amount(series.usage), 0);
  const items = orderParts(trendParts(trends), metric).map(
    ({ key, label, color, series: { usage } }): LegendItem => ({
      key,
      label,
      color,
      value: metric === "cost" ? formatMoney(usage.cost.usd) : format(usage.tokens.total_tokens),
      exact: metric === "cost" ? exactMoney(usage.cost.usd) : exactTokens(usage.tokens.total_tokens),
      share: sum > 0 && (metric === "tokens" || usage.cost.usd !== null) ? formatShare((amount(usage) / sum) * 100) : "",
    }),
  );
  const totalText = total && {
    value: metric === "cost" ? formatMoney(total.cost.usd) : format(total.tokens.total_tokens),
    exact: metric === "cost" ? exactMoney(total.cost.usd) : exactTokens(total.tokens.total_tokens),
  };
  return <Legend label={`By ${dimensionLabel(trends.stack).toLowerCase()}`} items={items} hidden={hidden} onToggle={onToggle} total={totalText ?? undefined} />;
}

function NothingUsed() {
  const { filters, prefs } = useStore();
  const isAll = prefs.settings.value.range === "alltime";
  return (
    <EmptyState
      icon="chart"
      title="Nothing was used in this range"
      actions={!isAll && <Button onClick={() => filters.setRange("alltime", null)}>Show all time</Button>}
    >
      No response of an agent falls into the chosen days, provider and home.
    </EmptyState>
  );
}
