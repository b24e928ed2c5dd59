/** How full the context was from response to response. */
import { useCallback, useMemo, useState } from "preact/hooks";
import { Chart, contextFillSpec, type ChartColors, type ContextPoint } from "../../charts";
import { Card, DataTableToggle, Skeleton } from "../../components";
import type { EventRow } from "../../api/types";
import { formatClock, formatDateTime } from "../../lib/format";
import { useStore } from "../../state/context";
import { CHART_RESPONSES, useResponses } from "./useDetail";

const NONE: readonly EventRow[] = [];

/** The points of the chart, oldest first: prompt and answer of a response are what the context holds after it. */
export function contextPoints(rows: readonly EventRow[], zone: string): ContextPoint[] {
  return [...rows].reverse().map((row) => ({
    label: formatClock(row.time_ms, zone),
    title: formatDateTime(row.time_ms, zone),
    used: row.tokens.total_tokens,
  }));
}

/** A chart of the newest responses; left out where there are too few to draw. */
export function ContextPanel({ id, window }: { id: string; window: number | null }) {
  const zone = useStore().zone.value;
  const [asTable, setAsTable] = useState(false);
  const { data } = useResponses(id);
  const rows = data.value?.rows ?? NONE;
  const points = useMemo(() => contextPoints(rows, zone), [rows, zone]);
  const build = useCallback((colors: ChartColors) => contextFillSpec(points, window, colors), [points, window]);
  if (data.value !== null && points.length < 2) return null;
  const note = (data.value?.total ?? 0) > CHART_RESPONSES ? `the last ${CHART_RESPONSES} responses` : undefined;
  return (
    <Card title="Context over time" note={note} actions={<DataTableToggle pressed={asTable} onChange={setAsTable} />}>
      {data.value === null ? <Skeleton shape="chart" height={160} /> : <Chart build={build} label="Context over time" height={160} asTable={asTable} />}
    </Card>
  );
}
