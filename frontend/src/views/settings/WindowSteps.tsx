/** Steps of single windows in place of the usual ones. */
import { visibleText } from "../../lib/text";
import { useState } from "preact/hooks";
import type { AlertSettings, WatchedWindow } from "../../api/types";
import { Button, Ellipsis, Select } from "../../components";
import { ownSteps, withWindow, writeSteps } from "./alertDraft";
import { StepsBox, type SaveAlerts } from "./AlertsTab";

interface WindowStepsProps {
  windows: readonly WatchedWindow[];
  settings: AlertSettings;
  save: SaveAlerts;
}

type Choice = "usual" | "own" | "off";
const CHOICES: readonly { value: Choice; label: string }[] = [
  { value: "usual", label: "Usual steps" },
  { value: "own", label: "Steps of its own" },
  { value: "off", label: "Not watched" },
];

/** A row per window that was ever read. */
export function WindowSteps({ windows, settings, save }: WindowStepsProps) {
  return (
    <ul class="tv-rows" aria-label="Windows">
      {windows.map((window) => (
        <WindowRow key={`${window.provider} ${window.limit_id} ${window.window_minutes}`} window={window} settings={settings} save={save} />
      ))}
    </ul>
  );
}

function WindowRow({ window, settings, save }: { window: WatchedWindow; settings: AlertSettings; save: SaveAlerts }) {
  const [problem, setProblem] = useState<string | null>(null);
  const own = ownSteps(settings, window);
  const choice: Choice = own === null ? "usual" : own.length === 0 ? "off" : "own";
  const name = nameOf(window);
  const put = async (steps: number[] | null) => {
    const failed = await save({ windows: withWindow(settings, window, steps).windows });
    setProblem(failed);
    return failed;
  };
  const choose = (next: Choice) => void put(next === "usual" ? null : next === "off" ? [] : settings.steps.length > 0 ? settings.steps : [90]);
  return (
    <li class="tv-rows__item">
      <span class="tv-rows__main">
        <Ellipsis text={name} />
      </span>
      <Select label={`Steps of ${visibleText(name)}`} value={choice} options={CHOICES} onChange={choose} />
      {own !== null && own.length > 0 && <StepsBox key={writeSteps(own)} label={`Percent of ${name}`} what={name} hideLabel steps={own} onSave={put} />}
      {problem !== null && own === null && (
        <Button kind="link" onClick={() => setProblem(null)}>
          {problem}
        </Button>
      )}
    </li>
  );
}

/** "Codex · 5 hours", and the limit's own name where there is one. */
function nameOf(window: WatchedWindow): string {
  const named = window.limit_id === window.provider ? [] : [window.limit_name ?? window.limit_id];
  return [window.provider_name, ...named, window.window_label].join(" · ");
}
