/** The text of a prompt: its first lines, unfolded all of it, or why there is none. */
import { useMemo, useState } from "preact/hooks";
import { ApiError, toApiError } from "../../api/client";
import type { Prompt, PromptRow, PromptState } from "../../api/types";
import { Badge, Button, CopyButton, Icon } from "../../components";
import { formatCount } from "../../lib/format";
import { isPrivate } from "../../lib/privacy";
import { clipText, visibleLines, visibleText } from "../../lib/text";
import { useStore } from "../../state/context";

const FOLDED_LINES = 3;
const FOLDED_LENGTH = 260;

const REASONS: Record<Exclude<PromptState, "shown">, string> = {
  gone: "The log is gone.",
  rewritten: "The log was rewritten since it was read; what stands there now is not this prompt.",
  unreadable: "The log cannot be read now.",
  large: "A very long entry of the log.",
};

/** Whether folding would hide something. */
const isLong = (text: string): boolean => text.length > FOLDED_LENGTH || text.split("\n").length > FOLDED_LINES;

interface Full {
  prompt: Prompt | null;
  error: ApiError | null;
  loading: boolean;
}

/** Asks for all of a prompt; what came stays while the row is there. */
function useFull(id: string): Full & { load(): Promise<void> } {
  const { transport } = useStore();
  const [full, setFull] = useState<Full>({ prompt: null, error: null, loading: false });
  const load = async () => {
    setFull({ prompt: null, error: null, loading: true });
    try {
      setFull({ prompt: await transport.invoke("prompts.get", { id }), error: null, loading: false });
    } catch (thrown) {
      setFull({ prompt: null, error: toApiError(thrown), loading: false });
    }
  };
  return { ...full, load };
}

/** The body of a row. */
export function PromptBody({ row }: { row: PromptRow }) {
  const full = useFull(row.id);
  const [open, setOpen] = useState(false);
  if (isPrivate.value) return <p class="tv-prompt__none">Hidden</p>;
  const shown = full.prompt?.state === "shown" ? full.prompt : null;
  const text = shown?.prompt_text ?? row.excerpt;
  const toggle = () => {
    setOpen(!open);
    if (!open && shown === null && (row.cut || row.state === "large")) void full.load();
  };
  if (text === null) {
    const state = full.prompt?.state ?? row.state;
    return <Missing state={state} full={full} onShow={toggle} />;
  }
  const partly = shown === null ? row.cut : shown.cut;
  const foldable = row.cut || isLong(text);
  const attachments = shown?.attachments ?? row.attachments;
  const secrets = shown?.secrets ?? row.secrets;
  return (
    <>
      <div class="tv-prompt__body">
        <Words text={text} open={open} />
        {text !== "" && <CopyButton text={text} label={partly ? "Copy the beginning of the prompt" : "Copy prompt"} />}
      </div>
      {open && full.error !== null && <p class="tv-prompt__none">The rest could not be read: {full.error.message}</p>}
      {(foldable || secrets > 0 || attachments.length > 0) && (
        <div class="tv-prompt__foot">
          {foldable && (
            <Button kind="link" expanded={open} busy={full.loading} onClick={toggle}>
              {open ? "Show less" : "Show all"}
            </Button>
          )}
          <Notes attachments={attachments} secrets={secrets} />
          {open && shown?.cut && <span>It is longer than what is shown here.</span>}
        </div>
      )}
    </>
  );
}

/** Plain text, never markup; control and bidi characters are made visible. */
function Words({ text, open }: { text: string; open: boolean }) {
  const lines = useMemo(() => visibleLines(text), [text]);
  if (lines === "") return null;
  if (!open) return <div class="tv-prompt__text tv-prompt__text--folded" dir="auto">{clipText(lines, 1000)}</div>;
  return <div class="tv-prompt__text tv-prompt__text--open" dir="auto" tabIndex={0} role="group" aria-label="The whole prompt">{lines}</div>;
}

function Notes({ attachments, secrets }: { attachments: readonly string[]; secrets: number }) {
  return (
    <>
      {secrets > 0 && <Badge>{`${formatCount(secrets, "secret")} masked`}</Badge>}
      {attachments.map((name, at) => (
        <Badge key={at}>{clipText(visibleText(name), 40)}</Badge>
      ))}
    </>
  );
}

function Missing({ state, full, onShow }: { state: PromptState; full: Full; onShow: () => void }) {
  const reason = full.error?.message ?? (state === "shown" ? "The prompt has no text." : REASONS[state]);
  return (
    <p class="tv-prompt__none">
      <Icon name="info" size={14} />
      <span>{reason}</span>
      {state === "large" && (
        <Button kind="link" busy={full.loading} onClick={onShow}>
          Read it
        </Button>
      )}
    </p>
  );
}
