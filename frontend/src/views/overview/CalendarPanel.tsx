/** A year of days. */
import { useState } from "preact/hooks";
import { CalendarGrid, type Metric } from "../../charts";
import { DataTableToggle, Segmented, Skeleton } from "../../components";
import { formatCount, formatMoney } from "../../lib/format";
import { useStore } from "../../state/context";
import { useTokenFormat } from "../shared/figures";
import { Panel } from "../shared/panel";

const METRICS: readonly { value: Metric; label: string }[] = [
  { value: "tokens", label: "Tokens" },
  { value: "cost", label: "Cost" },
];

/** The activity of the last year; a click on a day looks at it. */
export function CalendarPanel() {
  const { prefs, filters } = useStore();
  const [asTable, setAsTable] = useState(false);
  const { calendar_metric: metric, first_weekday } = prefs.settings.value;
  return (
    <Panel
      name="calendar"
      title="Activity"
      note={<Summary />}
      actions={
        <>
          <Segmented label="Measure" size="small" value={metric} options={METRICS} onChange={(value) => prefs.change({ calendar_metric: value })} />
          <DataTableToggle pressed={asTable} onChange={setAsTable} />
        </>
      }
      skeleton={<Skeleton shape="calendar" />}
    >
      {(calendar) => (
        <CalendarGrid
          calendar={calendar}
          firstWeekday={first_weekday}
          metric={metric}
          label="Activity of the last year"
          asTable={asTable}
          onDay={(day) => filters.setCustom(day, day)}
        />
      )}
    </Panel>
  );
}

function Summary() {
  const { dashboard, prefs } = useStore();
  const format = useTokenFormat();
  const calendar = dashboard.data.value?.calendar;
  if (!calendar) return null;
  const { cost, tokens } = calendar.usage;
  const sum = prefs.settings.value.calendar_metric === "cost" ? formatMoney(cost.usd) : `${format(tokens.total_tokens)} tokens`;
  return <>{`${sum} in the last year, ${formatCount(calendar.active_days, "active day")}`}</>;
}
