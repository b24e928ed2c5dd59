/** Adding a home: what is found there is shown before it is added. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { HomeCheck, HomeCheckRequest } from "../../api/types";
import { Button, Ellipsis, Select, TextField } from "../../components";
import { toApiError } from "../../api/client";
import { formatBytes, formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import { createResource, type Resource } from "../../state/resource";

const CHECK_AFTER_MS = 350;

/** Checks a folder as it is typed; the newest text counts. */
function useCheck(provider: string, path: string): Resource<HomeCheckRequest, HomeCheck> {
  const { transport } = useStore();
  const check = useMemo(
    () => createResource<HomeCheckRequest, HomeCheck>({ fetch: (request) => transport.invoke("homes.check", request), scope: (request) => JSON.stringify(request) }),
    [transport],
  );
  useEffect(() => {
    check.clear();
    if (path.trim() === "") return;
    const timer = setTimeout(() => void check.load({ provider, path: path.trim() }), CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [check, provider, path]);
  return check;
}

/** The form under the list of homes. */
export function AddHome() {
  const { app, transport, setHomes, notify } = useStore();
  const [provider, setProvider] = useState(app.value.providers[0]?.id ?? "");
  const [path, setPath] = useState("");
  const [label, setLabel] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const check = useCheck(provider, path);
  const found = check.data.value;
  const ready = found !== null && found.problem === null && found.duplicate_of === null && !check.loading.value;

  const add = async () => {
    try {
      const answer = await transport.invoke("homes.add", { provider, path: path.trim(), label: label.trim() });
      setHomes(answer.homes);
      notify("The home was added and is being read.", "ok");
      setPath("");
      setLabel("");
      setProblem(null);
    } catch (thrown) {
      setProblem(toApiError(thrown).message);
    }
  };
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Add a home</h3>
      </div>
      <div class="tv-addhome">
        <Select label="Provider" showLabel value={provider} options={app.value.providers.map((info) => ({ value: info.id, label: info.name }))} onChange={setProvider} />
        <TextField
          label="Folder"
          mono
          placeholder="~/.codex"
          value={path}
          onInput={(text) => {
            setPath(text);
            setProblem(null);
          }}
          error={problem ?? check.error.value?.message ?? found?.problem ?? null}
          hint={<Found check={found} busy={check.loading.value} />}
          onEnter={() => ready && void add()}
        />
        <TextField label="Label" placeholder="optional" value={label} onInput={setLabel} />
        <Button kind="primary" icon="plus" disabled={!ready} onClick={() => void add()}>
          Add
        </Button>
      </div>
    </section>
  );
}

function Found({ check, busy }: { check: HomeCheck | null; busy: boolean }) {
  if (busy) return <>Looking…</>;
  if (check === null) return <>The agent's data folder; ~ and variables are understood.</>;
  if (check.duplicate_of !== null) return <>This folder is in the list already.</>;
  return (
    <>
      Found {formatCount(check.files, "log file")}, {formatBytes(check.bytes)}, in <Ellipsis text={check.path} keep="end" mono />
    </>
  );
}
