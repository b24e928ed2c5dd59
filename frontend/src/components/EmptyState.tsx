import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";
import "./States.css";

export interface EmptyStateProps {
  title: string;
  /** What it means and what to do. */
  children?: ComponentChildren;
  icon?: IconName;
  /** Buttons under the text. */
  actions?: ComponentChildren;
  compact?: boolean;
}

/** A panel that has nothing to show: what it means and what to do about it. */
export function EmptyState({ title, children, icon, actions, compact }: EmptyStateProps) {
  return (
    <div class={compact ? "td-state td-state--compact" : "td-state"}>
      {icon && <Icon name={icon} size={compact ? 16 : 20} class="td-state__icon" />}
      <p class="td-state__title">{title}</p>
      {children !== undefined && <div class="td-state__text">{children}</div>}
      {actions !== undefined && <div class="td-state__actions">{actions}</div>}
    </div>
  );
}
