/** What can be done with the list of rules as a whole. */
import { useRef } from "preact/hooks";
import type { PriceUndo } from "../../api/types";
import { Button, Ellipsis } from "../../components";
import { formatAgo } from "../../lib/format";
import { now } from "../../lib/time";
import type { PriceFileState } from "./usePriceFile";

interface PriceActionsProps {
  rules: number;
  file: PriceFileState;
  onAdd: () => void;
  onReset: () => void;
}

/** The buttons over the table. */
export function PriceActions({ rules, file, onAdd, onReset }: PriceActionsProps) {
  const box = useRef<HTMLInputElement>(null);
  const none = rules === 0 ? "There is no rule of your own." : undefined;
  const taken = (input: HTMLInputElement) => {
    const chosen = input.files?.[0];
    if (chosen) void file.read(chosen);
    // So that the same file can be chosen again.
    input.value = "";
  };
  return (
    <div class="tv-rules__actions">
      <Button onClick={() => (file.native ? void file.choose() : box.current?.click())}>Import…</Button>
      <Button disabled={rules === 0} title={none} onClick={() => void file.exportRules()}>
        {file.native ? "Export…" : "Export"}
      </Button>
      <Button disabled={rules === 0} title={none} onClick={onReset}>
        Reset to catalogue…
      </Button>
      <Button kind="primary" icon="plus" onClick={onAdd}>
        Add rule
      </Button>
      <input ref={box} type="file" accept=".json,application/json" class="td-hidden" aria-label="Price file" tabIndex={-1} onChange={(event) => taken(event.currentTarget)} />
    </div>
  );
}

/** The last change, and a button that takes it back. It is kept in the ledger, one step. */
export function UndoLine({ undo, onUndo }: { undo: PriceUndo; onUndo: () => void }) {
  return (
    <div class="tv-undo">
      <Ellipsis text={`${undo.redo ? "Undone" : "Last change"}: ${undo.what}`} />
      <span class="tv-quiet">{formatAgo(undo.at_ms, now.value)}</span>
      <Button kind="link" title="One step is kept, also after the program was closed" onClick={onUndo}>
        {undo.redo ? "Redo" : "Undo"}
      </Button>
    </div>
  );
}
