import type { ComponentChildren } from "preact";
import { useLate } from "./useLate";
import "./Late.css";

export interface LateProps {
  children: ComponentChildren;
  class?: string;
  afterMs?: number;
}

/** Longer than an answer of the program takes as a rule. */
const SHOWN_AFTER_MS = 120;

/** Shows that something is waited for, but not for the blink of an eye; it has its place at once. */
export function Late({ children, class: name, afterMs = SHOWN_AFTER_MS }: LateProps) {
  const classes = ["td-late", useLate(true, afterMs) && "td-late--shown", name];
  return (
    <div class={classes.filter(Boolean).join(" ")} aria-busy="true">
      {children}
    </div>
  );
}
