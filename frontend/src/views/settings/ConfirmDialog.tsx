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
  onConfirm: () => void;
  onClose: () => void;
  children: ComponentChildren;
}

/** Asks; the safe answer has the focus. */
export function ConfirmDialog({ open, title, action, cancel = "Keep", busy = false, onConfirm, onClose, children }: ConfirmProps) {
  const footer = (
    <>
      <Button autofocus onClick={onClose}>
        {cancel}
      </Button>
      <Button kind="danger" busy={busy} disabled={busy} onClick={onConfirm}>
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
