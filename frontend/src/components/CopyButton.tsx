import { useEffect, useRef, useState } from "preact/hooks";
import { copyText } from "../lib/clipboard";
import { seenText } from "../lib/privacy";
import { IconButton } from "./IconButton";
import { showToast } from "./toaster";

export interface CopyButtonProps {
  /** What is copied, exactly as it is; in privacy mode without paths. */
  text: string;
  /** "Copy session id"; also the tooltip. */
  label: string;
  /** Told after a copy, such as for a message. */
  onCopied?: () => void;
}

const SHOWS_CHECK_MS = 1500;

/** Copies a text; shows a check mark for a moment, or says why it failed. Never activates the row around it. */
export function CopyButton({ text, label, onCopied }: CopyButtonProps) {
  const [done, setDone] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async (event: MouseEvent) => {
    event.stopPropagation();
    if (!(await copyText(seenText(text)))) {
      showToast("The text could not be copied: the system gave no access to the clipboard.", "error");
      return;
    }
    setDone(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setDone(false), SHOWS_CHECK_MS);
    onCopied?.();
  };
  return <IconButton icon={done ? "check" : "copy"} size="small" label={done ? "Copied" : label} onClick={(event) => void copy(event)} />;
}
