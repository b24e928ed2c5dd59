/** The tray and the start at login: what was chosen, and what this system can do. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { toApiError } from "../../api/client";
import type { Empty, Startup } from "../../api/types";
import { Ellipsis, ErrorState, Skeleton, Switch } from "../../components";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { SettingLine } from "./SettingLine";

/** Two lines of the tab of the start. */
export function LoginPart() {
  const { transport } = useStore();
  const startup = useMemo(() => createResource<Empty, Startup>({ fetch: () => transport.invoke("startup.get", {}) }), [transport]);
  useEffect(() => {
    const look = () => void startup.load({});
    look();
    // A tray that was just started, or an entry that the system's own settings changed.
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [startup]);
  const data = startup.data.value;
  if (data === null) {
    const failed = startup.error.value;
    return failed ? <ErrorState message={failed.message} onRetry={() => void startup.load({})} /> : <Skeleton shape="table" rows={2} />;
  }
  return (
    <>
      <SettingLine name="Tray">
        <TrayChoice reason={data.tray_reason} />
      </SettingLine>
      <SettingLine name="Sign-in">
        <LoginChoice startup={data} take={startup.take} />
      </SettingLine>
    </>
  );
}

function TrayChoice({ reason }: { reason: string | null }) {
  const { app, prefs } = useStore();
  return (
    <>
      <Switch
        label="Keep running in the tray when the window closes"
        hint={reason === null ? "The icon shows the fullest limit. Its menu brings the window back and quits." : undefined}
        checked={prefs.settings.value.close_to_tray}
        disabled={app.value.mode !== "window"}
        onChange={(close_to_tray) => prefs.change({ close_to_tray })}
      />
      {reason !== null && (
        <p class="td-field__note tv-login__note" role="status">
          {reason}
          {app.value.mode === "window" && " Until there is one, closing the window ends the program."}
        </p>
      )}
    </>
  );
}

function LoginChoice({ startup, take }: { startup: Startup; take: (answer: Startup) => void }) {
  const { transport } = useStore();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const change = async (login: boolean) => {
    setWanted(login);
    setFailure(null);
    await transport.invoke("startup.set", { login }).then(take, (thrown: unknown) => setFailure(toApiError(thrown).message));
    setWanted(null);
  };
  const problem = failure ?? startup.login_problem;
  const hint = startup.tray_reason === null ? "Hidden in the tray, without showing the window." : "Hidden in the tray; where there is none, with the window minimised.";
  return (
    <>
      <Switch label="Start when you sign in" hint={hint} checked={wanted ?? startup.login} disabled={wanted !== null} onChange={(on) => void change(on)} />
      {problem !== null && (
        <p class="td-field__note td-field__note--bad tv-login__note" role="alert">
          {problem}
        </p>
      )}
      {startup.login && (
        <p class="td-field__note tv-login__note tv-login__place">
          <span>Entry:</span> <Ellipsis text={startup.login_place} keep="end" mono />
        </p>
      )}
    </>
  );
}
