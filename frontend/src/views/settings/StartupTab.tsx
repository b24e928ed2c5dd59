/** What the next start looks like, and whether there is one at login. */
import { Button, Segmented, Switch } from "../../components";
import { toApiError } from "../../api/client";
import { useStore } from "../../state/context";
import { LoginPart } from "./LoginPart";
import { SettingLine } from "./SettingLine";

const PAGES: readonly { value: "last" | "overview"; label: string }[] = [
  { value: "last", label: "The page open last" },
  { value: "overview", label: "Overview" },
];

/** The tab of the start. */
export function StartupTab() {
  const { app, prefs } = useStore();
  const { start_page } = prefs.settings.value;
  return (
    <div class="tv-lines">
      <SettingLine name="Opens with" note="Range, filters and everything else that is chosen come back either way.">
        <Segmented label="Opens with" value={start_page} options={PAGES} onChange={(value) => prefs.change({ start_page: value })} />
      </SettingLine>
      <SettingLine name="Window">{app.value.mode === "window" ? <WindowPlace /> : <p class="tv-line__fact">This page is in a browser, which looks after its own windows.</p>}</SettingLine>
      <LoginPart />
    </div>
  );
}

function WindowPlace() {
  const { prefs, transport, notify } = useStore();
  const reset = () =>
    transport.invoke("window.reset", {}).then(
      () => notify("The window is back in its first size and place.", "ok"),
      (thrown: unknown) => notify(toApiError(thrown).message, "error"),
    );
  return (
    <>
      <Switch
        label="Remember size and place"
        hint="Also whether it is maximised. A place that is on no screen any more is corrected."
        checked={prefs.settings.value.remember_window}
        onChange={(remember_window) => prefs.change({ remember_window })}
      />
      <p class="tv-line__action">
        <Button onClick={() => void reset()}>Reset size and place</Button>
      </p>
    </>
  );
}
