/** A question before something is taken away. */
import type { ComponentChildren } from "preact";
import { Button, Dialog } from "../../components";

interface ConfirmProps {
  open: boolean;
  title: string;
  action: string;
  /** The safe answer; "Keep" unless told. */
  cancel?: string;
  busy?: boolean;
  /** False while something must still be typed; true unless told. */
  ready?: boolean;
  /** True while the question is not whole: what it would do is still worked out, and moves the buttons when it comes. */
  waiting?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ComponentChildren;
}

/** Asks; the safe answer has the focus. */
export function ConfirmDialog({ open, title, action, cancel = "Keep", busy = false, ready = true, waiting = false, onConfirm, onClose, children }: ConfirmProps) {
  const footer = (
    <>
      <Button autofocus={ready} onClick={onClose}>
        {cancel}
      </Button>
      <Button kind="danger" busy={busy} disabled={busy || waiting || !ready} onClick={onConfirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog open={open} size="small" title={title} onClose={onClose} footer={footer}>
      {children}
    </Dialog>
  );
}
