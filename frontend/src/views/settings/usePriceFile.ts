/** Price rules to a file and from one: by the system's dialogs in the window, by download and file box in the browser. */
import { useState } from "preact/hooks";
import { toApiError } from "../../api/client";
import { showToast } from "../../components";
import { saveText, readText } from "../../lib/download";
import { formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import type { ChosenFile } from "./ImportDialog";

const MAX_BYTES = 512 * 1024;

/** Exporting, choosing a file, and the file that was chosen. */
export interface PriceFileState {
  chosen: ChosenFile | null;
  /** Whether files are chosen by a dialog of the system. */
  native: boolean;
  exportRules(): Promise<void>;
  /** Opens the system's dialog. */
  choose(): Promise<void>;
  /** Takes the file of a file box. */
  read(file: File): Promise<void>;
  forget(): void;
}

/** The state of the two buttons. */
export function usePriceFile(): PriceFileState {
  const { app, transport, notify } = useStore();
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  return {
    chosen,
    native: app.value.mode === "window",
    async exportRules() {
      try {
        const { name, content, path, rules } = await transport.invoke("pricing.export", {});
        if (content !== null) saveText(name, content);
        if (content !== null || path !== null) showToast(`Exported ${formatCount(rules, "rule")} to ${path ?? name}`, "ok");
      } catch (thrown) {
        notify(toApiError(thrown).message, "error");
      }
    },
    async choose() {
      try {
        const { name, content } = await transport.invoke("pricing.open", {});
        if (name !== null) setChosen({ name, content, problem: null });
      } catch (thrown) {
        setChosen({ name: "", content: null, problem: toApiError(thrown).message });
      }
    },
    async read(file) {
      const read = await readText(file, MAX_BYTES);
      setChosen("text" in read ? { name: file.name, content: read.text, problem: null } : { name: file.name, content: null, problem: read.problem });
    },
    forget: () => setChosen(null),
  };
}
