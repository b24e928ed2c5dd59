/** The edges and corners of the widget, which resize it; only where it is a window. */
import type { Grip } from "../../api/types";
import { useStore } from "../../state/context";
import { resizeFrom } from "./useGrips";

const EDGES: readonly Exclude<Grip, "move">[] = ["top", "bottom", "left", "right", "topleft", "topright", "bottomleft", "bottomright"];

/** Thin strips along the edges. */
export function Edges() {
  const store = useStore();
  if (store.app.value.mode !== "window") return null;
  return (
    <div aria-hidden="true">
      {EDGES.map((edge) => (
        <div key={edge} class={`tv-edge tv-edge--${edge}`} onPointerDown={(event) => void resizeFrom(edge, event, store)} />
      ))}
    </div>
  );
}
