/** Price rules from a file: checked as a whole, shown what it would do, and only then taken in. */
import { useEffect, useState } from "preact/hooks";
import { toApiError, type ApiError } from "../../api/client";
import type { ImportMode, PriceImportPreview } from "../../api/types";
import { Button, Dialog, Ellipsis, Segmented } from "../../components";
import { formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import { EffectView } from "./EffectView";

/** A file that was chosen: its text, or why it has none. */
export interface ChosenFile {
  name: string;
  content: string | null;
  problem: string | null;
}

interface ImportDialogProps {
  file: ChosenFile;
  onImport: (content: string, mode: ImportMode) => Promise<ApiError | null>;
  onClose: () => void;
}

const MODES: readonly { value: ImportMode; label: string; title: string }[] = [
  { value: "merge", label: "Merge", title: "Rules that the file does not speak about stay" },
  { value: "replace", label: "Replace all", title: "Only the rules of the file are left" },
];

/** The counts in words. */
export function countsOf(found: PriceImportPreview): string {
  const parts = [
    found.added > 0 && `${formatCount(found.added, "rule")} added`,
    found.replaced > 0 && `${formatCount(found.replaced, "rule")} replaced`,
    found.removed > 0 && `${formatCount(found.removed, "rule")} removed`,
    found.unchanged > 0 && `${formatCount(found.unchanged, "rule")} there already`,
  ];
  return `${formatCount(found.in_file, "rule")} in the file: ${parts.filter(Boolean).join(", ")}.`;
}

/** Asks how to import, and tells what is wrong with the file. */
export function ImportDialog({ file, onImport, onClose }: ImportDialogProps) {
  const { transport } = useStore();
  const [mode, setMode] = useState<ImportMode>("merge");
  const [found, setFound] = useState<PriceImportPreview | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const { content } = file;

  useEffect(() => {
    if (content === null) return undefined;
    let live = true;
    const tell = (answer: PriceImportPreview) => live && setFound(answer);
    void transport.invoke("pricing.import_preview", { content, mode }).then(tell, (thrown: unknown) => live && setError(toApiError(thrown)));
    return () => void (live = false);
  }, [content, mode]);

  const take = async () => {
    if (content === null) return;
    setBusy(true);
    const refused = await onImport(content, mode);
    setBusy(false);
    if (refused) setError(refused);
    else onClose();
  };
  const problem = file.problem ?? error?.message ?? null;
  const listed = Array.isArray(error?.details.problems) ? error.details.problems : [];
  const nothing = found !== null && found.added + found.replaced + found.removed === 0;
  const footer = (
    <>
      <Button autofocus onClick={onClose}>
        {problem === null ? "Cancel" : "Close"}
      </Button>
      {problem === null && (
        <Button kind="primary" busy={busy} disabled={busy || found === null || nothing} onClick={() => void take()}>
          Import
        </Button>
      )}
    </>
  );
  return (
    <Dialog open title="Import price rules" note={<Ellipsis text={file.name} keep="end" />} onClose={onClose} footer={footer}>
      {problem === null ? (
        <>
          <Segmented label="How to import" value={mode} options={MODES} onChange={setMode} />
          <p class="tv-part__text tv-import__words">
            {mode === "merge" ? "Rules of the file take the place of yours for the same models and days; all others stay." : "Your rules are replaced by those of the file."}
          </p>
          {found === null ? <p class="tv-quiet">Reading the file …</p> : <Found found={found} />}
        </>
      ) : (
        <div role="alert">
          <p class="tv-problem tv-import__problem">{problem}</p>
          {listed.length > 1 && (
            <ul class="tv-import__list">
              {listed.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          )}
          <p class="tv-part__text">Your rules are as they were.</p>
        </div>
      )}
    </Dialog>
  );
}

function Found({ found }: { found: PriceImportPreview }) {
  return (
    <div class="tv-effect" aria-label="Effect" role="group">
      <p class="tv-effect__words">{countsOf(found)}</p>
      <EffectView effect={found.effect} />
    </div>
  );
}
