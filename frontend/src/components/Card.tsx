import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./Card.css";

export interface CardProps {
  /** Heading of the card; without it the card has no header row unless `actions` is given. */
  title?: ComponentChildren;
  /** Quiet text after the title. */
  note?: ComponentChildren;
  /** Controls at the right of the header. */
  actions?: ComponentChildren;
  /** A brand dot before the title. */
  dot?: string;
  /** Dims the body while what is shown is old. */
  stale?: boolean;
  /** Marks the body as being loaded anew. */
  busy?: boolean;
  /** No padding around the body, for tables that reach the edge. */
  flush?: boolean;
  class?: string;
  children?: ComponentChildren;
}

/** A panel: hairline border, optional header, body. A section named by its title. */
export function Card({ title, note, actions, dot, stale, busy, flush, class: extra, children }: CardProps) {
  const id = useId();
  const hasHead = title !== undefined || note !== undefined || actions !== undefined;
  const classes = ["td-card", stale && "td-card--stale", flush && "td-card--flush", extra].filter(Boolean).join(" ");
  return (
    <section class={classes} aria-labelledby={title === undefined ? undefined : id} aria-busy={busy || undefined}>
      {hasHead && (
        <header class="td-card__head">
          {dot && <span class="td-dot" style={{ backgroundColor: dot }} aria-hidden="true" />}
          {title !== undefined && (
            <h2 class="td-card__title" id={id}>
              {title}
            </h2>
          )}
          {note !== undefined && <div class="td-card__note">{note}</div>}
          {actions !== undefined && <div class="td-card__actions">{actions}</div>}
        </header>
      )}
      <div class="td-card__body">{children}</div>
    </section>
  );
}
