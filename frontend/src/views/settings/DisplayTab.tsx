/** How things look: theme, numbers, currency, privacy, time zone, week, and when a session counts as active. */
import type { Theme } from "../../api/types";
import { Segmented, Switch } from "../../components";
import { formatKeys } from "../../lib/keyboard";
import { WEEKDAY_NAMES } from "../../lib/timeformat";
import { useStore } from "../../state/context";
import { PRIVACY_KEYS } from "../frame/shortcuts";
import { CurrencyBoxes } from "./CurrencyBoxes";
import { SavedBoxes, SettingLine, wholeNumber, type Box } from "./SettingLine";
import { ZoneSelect } from "./ZoneSelect";

const THEMES: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];
const NUMBERS: readonly { value: "compact" | "exact"; label: string }[] = [
  { value: "compact", label: "Compact" },
  { value: "exact", label: "Exact" },
];
const WEEKDAYS = WEEKDAY_NAMES.map((label, day) => ({ value: String(day), label }));
const MINUTES: readonly Box[] = [
  { name: "active_minutes", label: "Minutes", read: wholeNumber("minutes"), size: "short" },
];

/** The tab of the display. */
export function DisplayTab() {
  const { prefs } = useStore();
  const settings = prefs.settings.value;
  return (
    <>
      <div class="tv-lines">
        <SettingLine name="Theme">
          <Segmented label="Theme" value={settings.theme} options={THEMES} onChange={(theme) => prefs.change({ theme })} />
        </SettingLine>
        <SettingLine name="Numbers" note={settings.exact_numbers ? "184,213,775 tokens" : "184M tokens; the exact number shows on hover"}>
          <Segmented label="Numbers" value={settings.exact_numbers ? "exact" : "compact"} options={NUMBERS} onChange={(value) => prefs.change({ exact_numbers: value === "exact" })} />
        </SettingLine>
        <SettingLine name="Privacy">
          <Switch
            label="Privacy mode"
            hint={
              <>
                Hides prompts, titles, projects, paths, account names and money in every view. <span class="tv-num">{formatKeys(PRIVACY_KEYS).join(" ")}</span> switches it anywhere.
              </>
            }
            checked={settings.privacy}
            onChange={(privacy) => prefs.change({ privacy })}
          />
        </SettingLine>
        <SettingLine name="Prompts">
          <Switch
            label="Show prompts"
            hint="They are read from the logs when they are shown, with known forms of secrets masked, and never stored. When this is off, no prompt is read."
            checked={settings.show_prompts}
            onChange={(show_prompts) => prefs.change({ show_prompts })}
          />
        </SettingLine>
        <SettingLine name="Currency">
          <CurrencyBoxes />
        </SettingLine>
      </div>
      <div class="tv-lines">
        <SettingLine name="Time zone">
          <ZoneSelect />
        </SettingLine>
        <SettingLine name="First day of the week">
          <Segmented label="First day of the week" value={String(settings.first_weekday)} options={WEEKDAYS} onChange={(day) => prefs.change({ first_weekday: Number(day) })} />
        </SettingLine>
        <SettingLine name="Active sessions" note="A session is active when it answered within this many minutes.">
          <SavedBoxes what="minutes" boxes={MINUTES} hideLabels />
        </SettingLine>
      </div>
    </>
  );
}
