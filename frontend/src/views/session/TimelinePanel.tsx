/** A session over time: how full its context was, and what each response took. */
import { useCallback, useMemo, useState } from "preact/hooks";
import type { Timeline } from "../../api/types";
import { Chart, contextFillSpec, timelineSpec, type ChartColors, type ContextPoint, type ResponsePoint } from "../../charts";
import { Card, DataTableToggle, ErrorState, Segmented, Skeleton } from "../../components";
import { formatClock, formatCount, formatDateTime } from "../../lib/format";
import { dayIn } from "../../lib/time";
import { Removed } from "../shared/Removed";
import { useStore } from "../../state/context";
import { useTimeline } from "./useDetail";

type View = "context" | "tokens" | "cost";
type Point = ContextPoint & ResponsePoint;

const VIEWS: { value: View; label: string }[] = [
  { value: "context", label: "Context" },
  { value: "tokens", label: "Tokens" },
  { value: "cost", label: "Cost" },
];
const NAMES: Record<View, string> = { context: "Context over time", tokens: "Tokens over time", cost: "Cost over time" };

/** The places of the chart; their names carry the date where they lie on more than one day (W32). */
export function timelinePoints({ points }: Pick<Timeline, "points">, zone: string): Point[] {
  const days = new Set(points.flatMap((point) => [dayIn(point.start_ms, zone), dayIn(point.end_ms, zone)]));
  return points.map((point) => {
    const start = formatDateTime(point.start_ms, zone);
    const end = formatDateTime(point.end_ms, zone);
    return {
      label: days.size > 1 ? start : formatClock(point.start_ms, zone),
      title: start === end ? start : `${start} to ${end}`,
      responses: point.responses,
      tokens: point.tokens,
      cost: point.cost,
      used: point.context,
    };
  });
}

/** The chart over all responses; left out where there are too few to draw. */
export function TimelinePanel({ id, window }: { id: string; window: number | null }) {
  const [view, setView] = useState<View>("context");
  const [asTable, setAsTable] = useState(false);
  const timeline = useTimeline(id);
  const { value } = timeline.data;
  const failed = timeline.error.value;
  if (value !== null && value.points.length < 2) return null;
  const gathered = value !== null && value.responses > value.points.length;
  const note = gathered ? `${formatCount(value.responses, "response")} in ${value.points.length} ${view === "context" ? "steps, each at its fullest" : "bars"}` : undefined;
  return (
    <Card
      title={NAMES[view]}
      note={note}
      stale={timeline.outdated.value}
      busy={value === null && failed === null}
      actions={
        <>
          <Segmented label="Shown over time" size="small" value={view} options={VIEWS} onChange={setView} />
          <DataTableToggle pressed={asTable} onChange={setAsTable} />
        </>
      }
    >
      {value === null && failed !== null && <ErrorState compact message={failed.message} retrying={timeline.loading.value} onRetry={() => void timeline.load({ id })} />}
      {value === null && failed === null && <Skeleton shape="chart" height={180} />}
      {value !== null && <Drawn timeline={value} view={view} window={window} asTable={asTable} />}
      {value !== null && <Removed {...value} />}
    </Card>
  );
}

function Drawn({ timeline, view, window, asTable }: { timeline: Timeline; view: View; window: number | null; asTable: boolean }) {
  const zone = useStore().zone.value;
  const points = useMemo(() => timelinePoints(timeline, zone), [timeline, zone]);
  const build = useCallback((colors: ChartColors) => (view === "context" ? contextFillSpec(points, window, colors) : timelineSpec(points, view, colors)), [points, window, view]);
  return <Chart key={view === "context" ? "line" : "bar"} build={build} label={NAMES[view]} height={180} asTable={asTable} />;
}
