/** Notifications of the system: whether there are any, a test, and the hours in which they wait. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { AlertSettings, Empty, SystemNotices } from "../../api/types";
import { toApiError } from "../../api/client";
import { Button, Switch, TextField } from "../../components";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import type { SaveAlerts } from "./AlertsTab";
import { SettingLine } from "./SettingLine";

interface NoticesPartProps {
  settings: AlertSettings;
  save: SaveAlerts;
}

/** The part of the notifications. */
export function NoticesPart({ settings, save }: NoticesPartProps) {
  const { transport, reloader } = useStore();
  const notices = useMemo(() => createResource<Empty, SystemNotices>({ fetch: () => transport.invoke("alerts.notices", {}) }), [transport]);
  // A service that was just started is found while the tab is open.
  useEffect(() => {
    const ask = () => notices.load({});
    void ask();
    const remove = reloader.add(ask);
    return () => void remove();
  }, [notices, reloader]);
  return (
    <section class="tv-part">
      <h3>Notifications</h3>
      <div class="tv-lines">
        <SettingLine name="System">
          <Switch
            label="Show notifications of the system"
            hint={notices.data.value?.why ?? "In privacy mode they name no amounts, projects or models."}
            checked={settings.notify}
            onChange={(notify) => void save({ notify })}
          />
          <NoticeTest />
        </SettingLine>
        <SettingLine name="Quiet hours">
          <QuietBoxes key={`${settings.quiet_start} ${settings.quiet_end}`} settings={settings} save={save} />
        </SettingLine>
      </div>
    </section>
  );
}

function NoticeTest() {
  const { transport } = useStore();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ text: string; bad: boolean } | null>(null);
  const test = async () => {
    setBusy(true);
    try {
      const { shown, why } = await transport.invoke("alerts.test", {});
      setSaid(shown ? { text: "It was shown.", bad: false } : { text: why ?? "It was not shown.", bad: true });
    } catch (thrown) {
      setSaid({ text: toApiError(thrown).message, bad: true });
    }
    setBusy(false);
  };
  return (
    <div class="tv-notice-test">
      <Button icon="bell" busy={busy} disabled={busy} onClick={() => void test()}>
        Test notification
      </Button>
      <span role="status" class={said?.bad ? "td-field__note td-field__note--bad" : "td-field__note"}>
        {said?.text}
      </span>
    </div>
  );
}

/** Two times of the day; both empty is none. */
function QuietBoxes({ settings, save }: { settings: AlertSettings; save: SaveAlerts }) {
  const saved = [settings.quiet_start ?? "", settings.quiet_end ?? ""] as const;
  const [draft, setDraft] = useState<readonly [string, string]>(saved);
  const [problem, setProblem] = useState<string | null>(null);
  const [from, to] = draft;
  const isChanged = from !== saved[0] || to !== saved[1];
  const put = async (start: string, end: string) => setProblem(await save({ quiet_start: start || null, quiet_end: end || null }));
  const type = (next: readonly [string, string]) => {
    setDraft(next);
    setProblem(null);
  };
  return (
    <>
      <div class="tv-boxes">
        <TextField class="tv-boxes__box tv-boxes__box--short" type="time" label="From" value={from} onInput={(text) => type([text, to])} onEnter={() => void put(from, to)} />
        <TextField class="tv-boxes__box tv-boxes__box--short" type="time" label="To" value={to} onInput={(text) => type([from, text])} onEnter={() => void put(from, to)} />
        <Button class="tv-boxes__save" kind={isChanged ? "primary" : "normal"} disabled={!isChanged} onClick={() => void put(from, to)}>
          Save <span class="td-hidden">quiet hours</span>
        </Button>
        {settings.quiet_start !== null && (
          <Button class="tv-boxes__save" kind="quiet" onClick={() => void put("", "")}>
            No quiet hours
          </Button>
        )}
      </div>
      {problem !== null && <p class="tv-problem">{problem}</p>}
      <p class="td-field__note">Notifications wait until they end, and are then summed up in one if they still hold. The hours may pass midnight.</p>
    </>
  );
}
