/** The range: a row of choices where there is room, a select box where not, and two days for the custom one. */
import { DateRange } from "../../components/DateRange";
import { Segmented } from "../../components/Segmented";
import { Select } from "../../components/Select";
import { dayIn, now } from "../../lib/time";
import { useStore } from "../../state/context";
import { RANGES, rangeOf } from "../../state/filters";
import { useMedia } from "./useMedia";

/** Chooses the range of everything on the page. */
export function RangePicker() {
  const { prefs, filters, dashboard } = useStore();
  const wide = useMedia("(min-width: 1180px)");
  const range = rangeOf(prefs.settings.value);
  const choose = (name: typeof range) => filters.setRange(name, dashboard.data.peek()?.range ?? null);
  if (wide) {
    return <Segmented label="Range" value={range} options={RANGES.map(({ name, short, label }) => ({ value: name, label: short, title: label }))} onChange={choose} />;
  }
  return <Select label="Range" value={range} options={RANGES.map(({ name, label }) => ({ value: name, label }))} onChange={choose} />;
}

/** The two days of the custom range, on a line of their own; nothing for every other range. */
export function CustomDays() {
  const { prefs, filters, zone } = useStore();
  const settings = prefs.settings.value;
  if (rangeOf(settings) !== "custom") return null;
  return (
    <div class="tv-top__dates">
      <DateRange
        start={settings.custom_start}
        end={settings.custom_end}
        max={dayIn(now.value, zone.value)}
        onChange={({ start, end }) => filters.setCustom(start, end)}
      />
    </div>
  );
}
