/** Settings as a file: written, and taken over with undo. */
import { useState } from "preact/hooks";
import type { Settings } from "../../api/types";
import { toApiError } from "../../api/client";
import { download, pickFile } from "../../api/files";
import { Button } from "../../components";
import { formatCount } from "../../lib/format";
import { useStore } from "../../state/context";

/** Files above this size hold no settings. */
const MAX_BYTES = 512 * 1024;

interface Taken {
  text: string;
  undo: Partial<Settings> | null;
}

/** The part of the settings' file. */
export function SettingsFilePart() {
  const { app, prefs, transport } = useStore();
  const [done, setDone] = useState<Taken | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const inWindow = app.value.mode === "window";
  const attempt = async (work: () => Promise<Taken | null>) => {
    setProblem(null);
    setDone(null);
    await prefs.flush();
    await work().then(setDone, (thrown: unknown) => setProblem(toApiError(thrown).message));
  };

  const save = async (): Promise<Taken | null> => {
    const { path, download: address } = await transport.invoke("settings.export", {});
    if (address !== null) download(address);
    return path === null ? null : { text: `Settings written to ${path}`, undo: null };
  };
  const take = async (): Promise<Taken | null> => {
    const file = inWindow ? null : await pickFile(".json");
    if (!inWindow && file === null) return null;
    if (file !== null && file.size > MAX_BYTES) throw new Error("The file is too large to hold settings. Nothing was changed.");
    const answer = await transport.invoke("settings.import", file === null ? {} : { text: await file.text() });
    if (answer.settings === null || answer.before === null) return null;
    prefs.restore(answer.settings);
    const undo = pick(answer.before, answer.changed);
    return { text: answer.changed.length === 0 ? "The file holds the settings that you have." : `${formatCount(answer.changed.length, "setting")} changed.`, undo: answer.changed.length === 0 ? null : undo };
  };
  const undo = async (values: Partial<Settings>): Promise<Taken | null> => {
    const error = await prefs.save(values);
    if (error) throw error;
    return { text: "The settings are as before.", undo: null };
  };
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Settings as a file</h3>
      </div>
      <p class="tv-part__text">How things look and are counted, to be taken to another computer. Homes and price rules are not in it; a backup holds them too.</p>
      <div class="tv-buttons">
        <Button onClick={() => void attempt(save)}>Export settings…</Button>
        <Button onClick={() => void attempt(take)}>Import settings…</Button>
        {done !== null && (
          <span role="status" class="tv-sub tv-settingsfile__done">
            {done.text}
          </span>
        )}
        {done?.undo && (
          <Button kind="link" onClick={() => void attempt(() => undo(done.undo ?? {}))}>
            Undo
          </Button>
        )}
      </div>
      {problem !== null && (
        <p role="alert" class="tv-problem">
          {problem}
        </p>
      )}
    </section>
  );
}

/** Some of the settings by name. */
function pick(settings: Settings, names: readonly string[]): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}
