import { useEffect, useRef } from "preact/hooks";
import { Button } from "./Button";
import { Ellipsis } from "./Ellipsis";
import { Icon, type IconName } from "./Icon";
import { IconButton } from "./IconButton";
import { dismissToast, holdToast, toasts, type ToastAction, type ToastItem, type ToastTone } from "./toaster";
import "./Toast.css";

const ICONS: Record<ToastTone, IconName> = { info: "info", ok: "check", error: "warning", warn: "bell" };

/** Where messages appear: one per page, above everything, also above dialogs. */
export function Toaster() {
  const region = useRef<HTMLDivElement>(null);
  const items = toasts.value;
  const newest = items[items.length - 1]?.id;

  useEffect(() => {
    if (newest !== undefined) raise(region.current);
  }, [newest]);

  return (
    <div ref={region} class="td-toaster" popover="manual" role="region" aria-label="Messages" aria-live="polite">
      {items.map((item) => (
        <Toast key={item.id} item={item} />
      ))}
    </div>
  );
}

export interface ToastProps {
  item: ToastItem;
}

/** One message with its cross; it stays while the pointer rests on it. */
export function Toast({ item }: ToastProps) {
  return (
    <div class={`td-toast td-toast--${item.tone}`} role={item.tone === "error" ? "alert" : undefined} onPointerEnter={() => holdToast(item.id)}>
      <Icon name={ICONS[item.tone]} class="td-toast__icon" />
      <span class="td-toast__text">
        <Ellipsis text={item.message} lines={3} />
      </span>
      {item.count > 1 && <span class="td-toast__count">{`×${item.count}`}</span>}
      {item.action && <ActionButton item={item} action={item.action} />}
      <IconButton icon="close" size="small" label="Dismiss" onClick={() => dismissToast(item.id)} />
    </div>
  );
}

/** Does what the message offers, once. */
function ActionButton({ item, action }: { item: ToastItem; action: ToastAction }) {
  const take = () => {
    dismissToast(item.id);
    action.run();
  };
  return (
    <Button kind="link" class="td-toast__action" onClick={take}>
      {action.label}
    </Button>
  );
}

/** Brings the region above a dialog that opened after it; without popover support it is a fixed box. */
function raise(element: HTMLElement | null): void {
  if (!element || typeof element.showPopover !== "function") return;
  if (element.matches(":popover-open")) element.hidePopover();
  element.showPopover();
}
