import type { Ref } from "preact";
import { Icon, type IconName } from "./Icon";
import { useLate } from "./useLate";
import "./Button.css";

export interface IconButtonProps {
  icon: IconName;
  /** The accessible name, also the tooltip unless `title` is given. */
  label: string;
  onClick: (event: MouseEvent) => void;
  title?: string;
  size?: "normal" | "small";
  bordered?: boolean;
  /** Turns the icon while work goes on for a while. */
  busy?: boolean;
  disabled?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  buttonRef?: Ref<HTMLButtonElement>;
  class?: string;
}

/** A button that is only an icon; its name is spoken and shown on hover. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, onClick, title, size = "normal", bordered, busy = false, disabled, pressed, expanded, buttonRef } = props;
  const turns = useLate(busy);
  const classes = ["td-icon-button", `td-icon-button--${size}`, bordered && "td-icon-button--bordered", props.class];
  return (
    <button
      type="button"
      ref={buttonRef}
      class={classes.filter(Boolean).join(" ")}
      onClick={onClick}
      disabled={disabled}
      title={title ?? label}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-busy={busy || undefined}
    >
      <Icon name={icon} size={size === "small" ? 13 : 15} class={turns ? "td-button__spin" : undefined} />
    </button>
  );
}
