/**
 * The second screen of the widget: what happens now and what happened last.
 *
 * Its parts stand under each other, the most recent first; the last prompts are one more part, after the sessions.
 */
import { ActiveNow } from "./ActiveNow";
import "./recent.css";

/** All parts. */
export function RecentScreen() {
  return (
    <div class="tv-recent">
      <ActiveNow />
    </div>
  );
}
