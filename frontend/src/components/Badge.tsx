import type { ComponentChildren } from "preact";
import "./Badge.css";

export interface BadgeProps {
  children: ComponentChildren;
  tone?: "neutral" | "ok" | "warn" | "bad" | "accent";
  title?: string;
  /** Makes the badge a button. */
  onClick?: () => void;
}

/** A small outlined label; a button where it leads somewhere. */
export function Badge({ children, tone = "neutral", title, onClick }: BadgeProps) {
  const classes = `td-badge td-badge--${tone}`;
  if (onClick) {
    return (
      <button type="button" class={`${classes} td-badge--button`} title={title} onClick={onClick}>
        {children}
      </button>
    );
  }
  return (
    <span class={classes} title={title}>
      {children}
    </span>
  );
}
