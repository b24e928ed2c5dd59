/** How things look: theme, numbers, time zone, week, and when a session counts as active. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Theme } from "../../api/types";
import { Button, Segmented, Select, Switch, TextField } from "../../components";
import { useStore } from "../../state/context";

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];
const WEEKDAYS: readonly { value: string; label: string }[] = [
  { value: "0", label: "Monday" },
  { value: "5", label: "Saturday" },
  { value: "6", label: "Sunday" },
];

const systemZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The tab of the display. */
export function DisplayTab() {
  const { prefs } = useStore();
  const settings = prefs.settings.value;
  return (
    <div class="tv-display">
      <Line name="Theme">
        <Segmented label="Theme" value={settings.theme} options={THEMES} onChange={(theme) => prefs.change({ theme })} />
      </Line>
      <Line name="Numbers">
        <Switch
          label="Exact numbers"
          hint="184,213,775 instead of 184M. The exact value is always shown on hover."
          checked={settings.exact_numbers}
          onChange={(exact_numbers) => prefs.change({ exact_numbers })}
        />
      </Line>
      <Line name="Time zone">
        <ZoneSelect />
      </Line>
      <Line name="First day of the week">
        <Segmented label="First day of the week" value={String(settings.first_weekday)} options={WEEKDAYS} onChange={(day) => prefs.change({ first_weekday: Number(day) })} />
      </Line>
      <Line name="Active sessions">
        <ActiveMinutes />
      </Line>
    </div>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="tv-display__line">
      <div class="tv-display__name">{name}</div>
      <div class="tv-display__control">{children}</div>
    </div>
  );
}

function ZoneSelect() {
  const { prefs, notify } = useStore();
  const chosen = prefs.settings.value.timezone;
  const names = Intl.supportedValuesOf("timeZone");
  const known = chosen === null || names.includes(chosen) ? names : [chosen, ...names];
  const options = [{ value: "", label: `As the system (${systemZone()})` }, ...known.map((name) => ({ value: name, label: name }))];
  const choose = async (name: string) => {
    const error = await prefs.save({ timezone: name === "" ? null : name });
    if (error) notify(error.message, "error");
  };
  return <Select label="Time zone" value={chosen ?? ""} options={options} onChange={(name) => void choose(name)} />;
}

function ActiveMinutes() {
  const { prefs } = useStore();
  const saved = String(prefs.settings.value.active_minutes);
  const [text, setText] = useState(saved);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    const minutes = Number(text);
    if (!Number.isInteger(minutes) || minutes < 1) return setProblem("Write a whole number of minutes, 1 or more.");
    const error = await prefs.save({ active_minutes: minutes });
    setProblem(error?.message ?? null);
  };
  return (
    <div class="tv-inline">
      <TextField
        label="Minutes"
        hideLabel
        type="number"
        value={text}
        onInput={setText}
        error={problem}
        hint="A session is active when it answered within this many minutes."
        onEnter={() => void save()}
      />
      <Button disabled={text === saved} onClick={() => void save()}>
        Save
      </Button>
    </div>
  );
}
