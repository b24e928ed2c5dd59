/** Adding a home: by typing, by the system's dialog, or from what lies around; what is found is shown before. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { HomeCheck, HomeCheckRequest, OfferedHome } from "../../api/types";
import { Button, Ellipsis, Select, TextField } from "../../components";
import { toApiError } from "../../api/client";
import { useStore } from "../../state/context";
import { createResource, type Resource } from "../../state/resource";
import { foundWords } from "./homeWords";

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
  const elsewhere = found !== null && found.meant !== null && found.files === 0;
  const ready = found !== null && found.problem === null && found.duplicate_of === null && !elsewhere && !check.loading.value;

  const add = async (folder: { provider: string; path: string; label: string }) => {
    try {
      setHomes((await transport.invoke("homes.add", folder)).homes);
      notify("The home was added and is being read.", "ok");
      setPath("");
      setLabel("");
      setProblem(null);
    } catch (thrown) {
      setProblem(toApiError(thrown).message);
    }
  };
  const typed = () => void add({ provider, path: path.trim(), label: label.trim() });
  const browse = async () => {
    try {
      const chosen = await transport.invoke("homes.browse", { start: found?.exists ? found.path : null });
      if (chosen.path !== null) setPath(chosen.path);
    } catch (thrown) {
      setProblem(toApiError(thrown).message);
    }
  };
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Add a home</h3>
      </div>
      <Offers onAdd={(offer) => void add({ provider: offer.provider, path: offer.path, label: "" })} />
      <div class="tv-addhome">
        <Select label="Provider" showLabel value={provider} options={app.value.providers.map((info) => ({ value: info.id, label: info.name }))} onChange={setProvider} />
        <TextField
          label="Folder"
          mono
          placeholder={`~/.${provider}`}
          value={path}
          onInput={(text) => {
            setPath(text);
            setProblem(null);
          }}
          error={problem ?? check.error.value?.message ?? found?.problem ?? null}
          hint={<Found check={found} busy={check.loading.value} elsewhere={elsewhere} onUse={setPath} />}
          onEnter={() => ready && typed()}
        />
        <TextField label="Label" placeholder="optional" value={label} onInput={setLabel} onEnter={() => ready && typed()} />
        <div class="tv-addhome__buttons">
          {app.value.mode === "window" && (
            <Button icon="folder" title="Choose the folder in the system's dialog" onClick={() => void browse()}>
              Browse…
            </Button>
          )}
          <Button kind="primary" icon="plus" disabled={!ready} onClick={typed}>
            Add
          </Button>
        </div>
      </div>
    </section>
  );
}

interface FoundProps {
  check: HomeCheck | null;
  busy: boolean;
  elsewhere: boolean;
  onUse: (path: string) => void;
}

function Found({ check, busy, elsewhere, onUse }: FoundProps) {
  if (busy) return <>Looking…</>;
  if (check === null) return <>The agent's data folder; ~ and variables are understood.</>;
  if (check.duplicate_of !== null) return <>This folder is in the list already.</>;
  const meant = check.meant;
  if (elsewhere && meant !== null) {
    return (
      <>
        This folder is not a home itself. The home is <Ellipsis text={meant} keep="end" mono />{" "}
        <Button kind="link" onClick={() => onUse(meant)}>
          Use that folder
        </Button>
      </>
    );
  }
  return (
    <>
      {foundWords(check)}, in <Ellipsis text={check.path} keep="end" mono />
    </>
  );
}

/** Folders of agents that are there and not in the list: one click adds them. */
function Offers({ onAdd }: { onAdd: (offer: OfferedHome) => void }) {
  const { app, transport } = useStore();
  const [offers, setOffers] = useState<readonly OfferedHome[]>([]);
  const { homes, providers } = app.value;
  const known = homes.map((home) => home.path).join("\n");
  useEffect(() => {
    let current = true;
    transport.invoke("homes.offers", {}).then(
      (answer) => current && setOffers(answer.homes),
      () => undefined, // nothing is offered then; typing a folder works as ever
    );
    return () => {
      current = false;
    };
  }, [transport, known]);
  if (offers.length === 0) return null;
  return (
    <ul class="tv-rows tv-offers" aria-label="Found and not read yet">
      {offers.map((offer) => (
        <li key={`${offer.provider} ${offer.path}`} class="tv-rows__item">
          <div class="tv-rows__main">
            <Ellipsis text={offer.path} keep="end" mono />
            <div class="tv-sub">
              {providers.find((info) => info.id === offer.provider)?.name ?? offer.provider}, found {offer.place}
            </div>
          </div>
          <Button icon="plus" title={`Add ${offer.path}`} onClick={() => onAdd(offer)}>
            Add this folder
          </Button>
        </li>
      ))}
    </ul>
  );
}
