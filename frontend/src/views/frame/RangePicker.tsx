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
  const { prefs, filters, dashboard, zone } = useStore();
  const wide = useMedia("(min-width: 1180px)");
  const settings = prefs.settings.value;
  const range = rangeOf(settings);
  const choose = (name: typeof range) => filters.setRange(name, dashboard.data.peek()?.range ?? null);
  return (
    <>
      {wide ? (
        <Segmented
          label="Range"
          value={range}
          options={RANGES.map(({ name, short, label }) => ({ value: name, label: short, title: label }))}
          onChange={choose}
        />
      ) : (
        <Select label="Range" value={range} options={RANGES.map(({ name, label }) => ({ value: name, label }))} onChange={choose} />
      )}
      {range === "custom" && (
        <DateRange
          start={settings.custom_start}
          end={settings.custom_end}
          max={dayIn(now.value, zone.value)}
          onChange={({ start, end }) => filters.setCustom(start, end)}
        />
      )}
    </>
  );
}
