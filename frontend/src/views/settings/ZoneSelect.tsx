/** The time zone that days are counted in. */
import { useState } from "preact/hooks";
import { Select } from "../../components";
import { formatClock } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { zoneOf } from "../../state/filters";

const UTC = "UTC";
const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone the browser knows, by name; what the backend refuses is said under the box. */
export function ZoneSelect() {
  const { prefs } = useStore();
  const [problem, setProblem] = useState<string | null>(null);
  const chosen = prefs.settings.value.timezone;
  const names = [...new Set([UTC, ...(chosen === null ? [] : [chosen]), ...Intl.supportedValuesOf("timeZone")])];
  const options = [{ value: "", label: `As the system (${systemZone()})` }, ...names.map((name) => ({ value: name, label: name.replaceAll("_", " ") }))];
  const choose = async (name: string) => {
    const error = await prefs.save({ timezone: name === "" ? null : name });
    setProblem(error?.message ?? null);
  };
  return (
    <>
      <Select label="Time zone" value={chosen ?? ""} options={options} onChange={(name) => void choose(name)} />
      <p class={problem === null ? "td-field__note" : "td-field__note td-field__note--bad"} role={problem === null ? undefined : "alert"}>
        {problem ?? `Now ${formatClock(now.value, zoneOf(prefs.settings.value))} there. Days, weeks and months begin at its midnight.`}
      </p>
    </>
  );
}
