import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { trapTab } from "../lib/focus";
import { pushEscape } from "../lib/keyboard";
import { IconButton } from "./IconButton";
import "./Dialog.css";

export interface DialogProps {
  open: boolean;
  title: ComponentChildren;
  /** Asked for by Escape, the cross and a click beside the dialog; the owner decides. */
  onClose: () => void;
  /** `settings` has a height of its own: it does not jump from tab to tab. */
  size?: "small" | "normal" | "large" | "settings";
  /** Quiet text under the title. */
  note?: ComponentChildren;
  /** Buttons at the bottom right. */
  footer?: ComponentChildren;
  /** A click beside the dialog closes it; true unless told. */
  closeBeside?: boolean;
  children?: ComponentChildren;
}

/** The platform's modal dialog: traps focus, closes on Escape, gives the focus back to where it was. */
export function Dialog(props: DialogProps) {
  return props.open ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ title, onClose, size = "normal", note, footer, closeBeside = true, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  const pressedBeside = useRef(false);
  const titleId = useId();
  close.current = onClose;

  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    const release = pushEscape(() => close.current(), { modal: true });
    return () => {
      release();
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={element}
      class={`td-dialog td-dialog--${size}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (event.target !== element.current) return;
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => trapTab(event, event.currentTarget)}
      onPointerDown={(event) => {
        pressedBeside.current = event.target === element.current;
      }}
      onClick={(event) => {
        if (closeBeside && pressedBeside.current && event.target === element.current) onClose();
      }}
    >
      <div class="td-dialog__frame">
        <header class="td-dialog__head">
          <div class="td-dialog__heading">
            <h2 class="td-dialog__title" id={titleId}>
              {title}
            </h2>
            {note !== undefined && <div class="td-dialog__note">{note}</div>}
          </div>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
        <div class="td-dialog__body">{children}</div>
        {footer !== undefined && <footer class="td-dialog__foot">{footer}</footer>}
      </div>
    </dialog>
  );
}
