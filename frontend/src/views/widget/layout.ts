/** How the dials are laid out in the room that the widget has. */
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** One large dial, dials side by side, or a row for each. */
export type Layout = "one" | "columns" | "rows";

/** What the words of a column need. */
const COLUMN_WIDTH = 112;
const COLUMN_HEIGHT = 200;
const LARGE_HEIGHT = 150;

/** The layout for a number of dials in pixels of the page. */
export function layoutOf(count: number, width: number, height: number): Layout {
  if (count === 1) return height >= LARGE_HEIGHT ? "one" : "rows";
  return height >= COLUMN_HEIGHT && width >= count * COLUMN_WIDTH ? "columns" : "rows";
}

/** Follows the size of an element. */
export function useLayout(element: RefObject<HTMLElement | null>, count: number): Layout {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const room = element.current?.parentElement;
    if (!room) return undefined;
    const measure = () => setSize({ width: room.clientWidth, height: room.clientHeight });
    measure();
    if (typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(measure);
    observer.observe(room);
    return () => observer.disconnect();
  }, [element]);
  return layoutOf(count, size.width, size.height);
}
