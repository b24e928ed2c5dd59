/** From which percent a limit counts as nearly used; warnings come with live limits. */
import { Meter } from "../../components";
import { useStore } from "../../state/context";
import { useLimitSteps } from "../shared/figures";
import { SavedBoxes, SettingLine, wholeNumber, type Box } from "./SettingLine";

const STEPS: readonly Box[] = [
  { name: "limit_warn_percent", label: "Warn from", hint: "percent", read: wholeNumber("percent"), size: "short" },
  { name: "limit_bad_percent", label: "Critical from", hint: "percent", read: wholeNumber("percent"), size: "short" },
];

/** The tab of the alerts. */
export function AlertsTab() {
  const steps = useLimitSteps();
  const { prefs } = useStore();
  const isDefault = prefs.saved.value.limit_warn_percent === 75 && prefs.saved.value.limit_bad_percent === 90;
  return (
    <div class="tv-lines">
      <p class="tv-part__text">
        The meters of the limits change their colour at two steps. Notifications are not part of this version: it learns of a limit only from the logs, after the fact. They arrive together with limits that are read live.
      </p>
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
  );
}
