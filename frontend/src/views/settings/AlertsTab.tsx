/** When something is told: steps of the limits, budgets, quiet hours, and notifications of the system. */
import { useEffect, useState } from "preact/hooks";
import type { AlertSettings } from "../../api/types";
import { Button, ErrorState, Meter, Skeleton, Switch, TextField } from "../../components";
import { useStore } from "../../state/context";
import { useLimitSteps } from "../shared/figures";
import { BudgetsPart } from "./BudgetsPart";
import { NoticesPart } from "./NoticesPart";
import { readSteps, writeSteps } from "./alertDraft";
import { SavedBoxes, SettingLine, wholeNumber, type Box } from "./SettingLine";
import { useAlertSettings } from "./useAlertSettings";
import { WindowSteps } from "./WindowSteps";
import "./alerttab.css";

const STEPS: readonly Box[] = [
  { name: "limit_warn_percent", label: "Warn from", hint: "percent", read: wholeNumber("percent"), size: "short" },
  { name: "limit_bad_percent", label: "Critical from", hint: "percent", read: wholeNumber("percent"), size: "short" },
];

/** The tab of the alerts. */
export function AlertsTab() {
  const { alerts, reloader } = useStore();
  const { settings, save } = useAlertSettings();
  // What was used of the budgets goes on while the tab is open.
  useEffect(() => {
    void alerts.load();
    const remove = reloader.add(alerts.load);
    return () => void remove();
  }, [alerts, reloader]);
  const data = alerts.all.data.value;
  if (data === null) {
    const failed = alerts.all.error.value;
    return failed ? <ErrorState message={failed.message} onRetry={() => void alerts.load()} /> : <Skeleton shape="table" rows={4} />;
  }
  return (
    <>
      <section class="tv-part">
        <h3>Limits</h3>
        <p class="tv-part__text">Each step is told once in a window: in this page, and as a notification of the system where that is possible. A reading that is old tells nothing.</p>
        <div class="tv-lines">
          <SettingLine name="Tell at">
            <StepsBox label="Percent used" steps={settings.steps} what="percents" onSave={(steps) => save({ steps })} />
          </SettingLine>
          <SettingLine name="Forecast">
            <Switch
              label="Tell when a window will run out before its reset"
              hint="Only when most of the range of the forecast says so."
              checked={settings.runs_out}
              onChange={(runs_out) => void save({ runs_out })}
            />
          </SettingLine>
          {data.windows.length > 0 && (
            <SettingLine name="Single windows">
              <WindowSteps windows={data.windows} settings={settings} save={save} />
            </SettingLine>
          )}
        </div>
      </section>
      <BudgetsPart data={data} settings={settings} save={save} />
      <NoticesPart settings={settings} save={save} />
      <MeterSteps />
    </>
  );
}

/** Saves a part of the settings; the answer is what cannot be, in words. */
export type SaveAlerts = (part: Partial<AlertSettings>) => Promise<string | null>;

interface StepsBoxProps {
  label: string;
  what: string;
  steps: readonly number[];
  hideLabel?: boolean;
  placeholder?: string;
  onSave: (steps: number[]) => Promise<string | null>;
}

/** A box for steps with its button. */
export function StepsBox({ label, what, steps, hideLabel, placeholder, onSave }: StepsBoxProps) {
  const saved = writeSteps(steps);
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const text = draft ?? saved;
  const isChanged = text !== saved;
  const submit = async () => {
    const read = readSteps(text);
    const failed = typeof read === "string" ? read : await onSave(read);
    setProblem(failed);
    if (failed === null) setDraft(null);
  };
  return (
    <div class="tv-boxes">
      <TextField
        class="tv-boxes__box"
        label={label}
        hideLabel={hideLabel}
        value={text}
        placeholder={placeholder}
        error={problem}
        hint={hideLabel ? undefined : "with commas between them; nothing to tell none"}
        onInput={(next) => {
          setDraft(next);
          setProblem(null);
        }}
        onEnter={() => isChanged && void submit()}
      />
      <Button class={hideLabel ? undefined : "tv-boxes__save"} kind={isChanged ? "primary" : "normal"} disabled={!isChanged} onClick={() => void submit()}>
        Save <span class="td-hidden">{what}</span>
      </Button>
    </div>
  );
}

/** From which percent the meters change their colour. */
function MeterSteps() {
  const steps = useLimitSteps();
  const { prefs } = useStore();
  const isDefault = prefs.saved.value.limit_warn_percent === 75 && prefs.saved.value.limit_bad_percent === 90;
  return (
    <section class="tv-part">
      <h3>Colours</h3>
      <p class="tv-part__text">The meters of the limits change their colour at two steps.</p>
      <div class="tv-lines">
        <SettingLine name="Steps of the meters" note={isDefault ? undefined : "The steps at first are 75 and 90 percent."}>
          <SavedBoxes what="steps" boxes={STEPS} />
        </SettingLine>
        <SettingLine name="As it looks">
          <div class="tv-steps" aria-hidden="true">
            {[Math.max(0, steps.warn - 15), steps.warn, steps.bad].map((percent, at) => (
              <Meter key={at} label={["calm", "warn", "critical"][at] ?? ""} percent={percent} steps={steps} color="var(--accent)" />
            ))}
          </div>
        </SettingLine>
      </div>
    </section>
  );
}
