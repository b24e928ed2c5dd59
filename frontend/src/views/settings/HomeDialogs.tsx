/** Questions before something of a home is lost: they say what. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Home, HomeLoss, HomeRequest } from "../../api/types";
import { toApiError } from "../../api/client";
import { Ellipsis, TextField } from "../../components";
import { exactMoney, exactTokens, formatCount, formatMoney, formatTokens } from "../../lib/format";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { ConfirmDialog } from "./ConfirmDialog";

const CLEAR_WORD = "clear";

interface QuestionProps {
  home: Home | null;
  onClose: () => void;
}

/** Asks before a home is removed; `onRemoved` hears which one was. */
export function RemoveHome({ home, onClose, onRemoved }: QuestionProps & { onRemoved: (home: Home) => void }) {
  const { transport, setHomes, notify } = useStore();
  const [busy, setBusy] = useState(false);
  const remove = async (leaving: Home) => {
    setBusy(true);
    try {
      setHomes((await transport.invoke("homes.remove", { id: leaving.id })).homes);
      onClose();
      onRemoved(leaving);
    } catch (thrown) {
      notify(toApiError(thrown).message, "error");
    }
    setBusy(false);
  };
  return (
    <ConfirmDialog open={home !== null} title="Remove this home?" action="Remove" busy={busy} onClose={onClose} onConfirm={() => home && void remove(home)}>
      {home && <What home={home} />}
      <p class="tv-part__text">To only stop reading it, switch Read off.</p>
    </ConfirmDialog>
  );
}

/** Asks, with a word to type, before what was counted from a home is cleared. */
export function ClearHome({ home, onClose }: QuestionProps) {
  return home && <OpenClear key={home.id} home={home} onClose={onClose} />;
}

function OpenClear({ home, onClose }: { home: Home; onClose: () => void }) {
  const { transport, setHomes } = useStore();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const words = [home.label.trim(), CLEAR_WORD].filter((word) => word !== "");
  const meant = words.some((word) => word.toLowerCase() === typed.trim().toLowerCase());
  const clear = async () => {
    setBusy(true);
    try {
      setHomes((await transport.invoke("homes.clear", { id: home.id, confirmation: typed })).homes);
      onClose();
    } catch (thrown) {
      setProblem(toApiError(thrown).message);
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog open title="Clear the data of this home?" action="Clear data" busy={busy} ready={meant} onClose={onClose} onConfirm={() => void clear()}>
      <What home={home} />
      <p class="tv-part__text">The home stays in the list as cleared. It is not read again, not by a refresh and not after a restart, until you press Rescan.</p>
      <TextField
        label={`Type ${words.map((word) => `“${word}”`).join(" or ")} to confirm`}
        value={typed}
        error={problem}
        autofocus
        onInput={(text) => {
          setTyped(text);
          setProblem(null);
        }}
        onEnter={() => meant && !busy && void clear()}
      />
    </ConfirmDialog>
  );
}

/** Which home, and what leaves with it. */
function What({ home }: { home: Home }) {
  const { app, transport } = useStore();
  const loss = useMemo(() => createResource<HomeRequest, HomeLoss>({ fetch: (request) => transport.invoke("homes.loss", request) }), [transport]);
  useEffect(() => void loss.load({ id: home.id }), [loss, home.id]);
  const lost = loss.data.value;
  const twins = app.value.homes.some((other) => other.id !== home.id && other.provider === home.provider);
  return (
    <>
      <p class="tv-part__text">
        <Ellipsis text={home.path} keep="end" mono />
      </p>
      <p class="tv-part__text tv-loss" aria-live="polite">
        {lost ? <Lost loss={lost} /> : loss.error.value ? "What was counted from it leaves Tokendial: sessions, tokens and cost." : "Counting what would be lost…"}
      </p>
      <p class="tv-part__text">
        The log files themselves are not touched{twins && "; what another home holds too is counted there"}.
        {lost !== null && lost.files_gone > 0 && ` ${formatCount(lost.files_gone, "log file")} of it ${lost.files_gone === 1 ? "is" : "are"} deleted already: what was counted from there cannot be read again.`}
      </p>
    </>
  );
}

function Lost({ loss }: { loss: HomeLoss }) {
  const { tokens, cost, events } = loss.usage;
  if (loss.sessions === 0 && events === 0) return <>Nothing that is counted leaves Tokendial.</>;
  return (
    <>
      <b>{formatCount(loss.sessions, "session")}</b> with <b title={`${exactTokens(tokens.total_tokens)} tokens`}>{formatTokens(tokens.total_tokens)} tokens</b> and{" "}
      <b title={exactMoney(cost.usd)}>{cost.usd === null ? "no price" : formatMoney(cost.usd)}</b> leave Tokendial.
    </>
  );
}
