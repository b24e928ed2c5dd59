import { Button } from "./Button";
import { Ellipsis } from "./Ellipsis";
import { Icon } from "./Icon";
import "./States.css";

export interface ErrorStateProps {
  /** What failed, in words. */
  message: string;
  /** A short heading before the message. */
  title?: string;
  /** Tries again; no button without it. */
  onRetry?: () => void;
  retrying?: boolean;
  compact?: boolean;
}

/** A panel that failed: what failed, and a button to try again. Announced once. */
export function ErrorState({ message, title = "This could not be loaded", onRetry, retrying, compact }: ErrorStateProps) {
  return (
    <div class={compact ? "td-state td-state--failed td-state--compact" : "td-state td-state--failed"} role="alert">
      <Icon name="warning" size={compact ? 16 : 20} class="td-state__icon td-state__icon--bad" />
      <p class="td-state__title">{title}</p>
      <div class="td-state__text">
        <Ellipsis text={message} lines={4} />
      </div>
      {onRetry && (
        <div class="td-state__actions">
          <Button icon="refresh" busy={retrying} disabled={retrying} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}
