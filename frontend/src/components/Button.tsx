import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";
import { useLate } from "./useLate";
import "./Button.css";

export interface ButtonProps {
  children: ComponentChildren;
  onClick: (event: MouseEvent) => void;
  kind?: "normal" | "primary" | "danger" | "quiet" | "link";
  icon?: IconName;
  /** Turns the icon while work goes on for a while. */
  busy?: boolean;
  disabled?: boolean;
  title?: string;
  /** Set for toggle buttons. */
  pressed?: boolean;
  /** Set for buttons that unfold something. */
  expanded?: boolean;
  autofocus?: boolean;
  class?: string;
}

/** A text button of the platform, with an optional icon before its text. */
export function Button(props: ButtonProps) {
  const { children, onClick, kind = "normal", icon, busy = false, disabled = false, title, pressed, expanded, autofocus } = props;
  const turns = useLate(busy);
  const classes = ["td-button", `td-button--${kind}`, props.class].filter(Boolean).join(" ");
  return (
    <button
      type="button"
      class={classes}
      onClick={onClick}
      disabled={disabled}
      title={title}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-busy={busy || undefined}
      autofocus={autofocus}
    >
      {icon && <Icon name={icon} size={15} class={turns ? "td-button__spin" : undefined} />}
      {children}
    </button>
  );
}
