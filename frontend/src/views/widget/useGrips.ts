/** Moving and resizing a window without a frame: the system follows the pointer where it can, else the page asks for sizes. */
import { useRef } from "preact/hooks";
import type { Grip, WidgetSize } from "../../api/types";
import { useStore } from "../../state/context";
import type { Store } from "../../state/store";

/** As far as the pointer may tremble in a click. */
const SLACK = 4;
/** What can be resized from the page: the upper left corner stays where it is. */
const FROM_PAGE: readonly Grip[] = ["right", "bottom", "bottomright"];

interface Handlers {
  onPointerDown?: (event: PointerEvent) => void;
  onPointerMove?: (event: PointerEvent) => void;
}

/** What makes an element move the window when it is dragged; a double click stays one. */
export function useMoving(): Handlers {
  const { app, transport } = useStore();
  const from = useRef<{ x: number; y: number } | null>(null);
  if (app.value.mode !== "window") return {};
  return {
    onPointerDown(event) {
      const onControl = event.target instanceof Element && event.target.closest("button") !== null;
      from.current = event.button === 0 && !onControl ? { x: event.screenX, y: event.screenY } : null;
    },
    onPointerMove(event) {
      const start = from.current;
      if (start === null || (event.buttons & 1) === 0 || Math.hypot(event.screenX - start.x, event.screenY - start.y) < SLACK) return;
      from.current = null;
      void transport.invoke("window.grip", { grip: "move" }).catch(() => undefined);
    },
  };
}

/** Begins to resize the window at an edge. */
export async function resizeFrom(grip: Grip, event: PointerEvent, { transport }: Store): Promise<void> {
  if (event.button !== 0) return;
  const { taken } = await transport.invoke("window.grip", { grip }).catch(() => ({ taken: true }));
  if (!taken && FROM_PAGE.includes(grip)) followPointer(grip, event, (size) => void transport.invoke("window.size", size).catch(() => undefined));
}

function followPointer(grip: Grip, start: PointerEvent, ask: (size: WidgetSize) => void): void {
  const { innerWidth: width, innerHeight: height } = window;
  const move = (event: PointerEvent) => {
    const dx = grip === "bottom" ? 0 : event.screenX - start.screenX;
    const dy = grip === "right" ? 0 : event.screenY - start.screenY;
    ask({ width: Math.round(width + dx), height: Math.round(height + dy) });
  };
  const end = () => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", end);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end);
}
