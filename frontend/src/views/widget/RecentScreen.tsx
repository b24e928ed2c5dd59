/**
 * The second screen of the widget: what happens now and what happened last.
 *
 * Its parts stand under each other: the sessions that are active, and the last prompts.
 */
import { RecentPrompts } from "../activity/RecentPrompts";
import { ActiveNow } from "./ActiveNow";
import "./recent.css";

/** All parts. */
export function RecentScreen() {
  return (
    <div class="tv-recent">
      <ActiveNow />
      <RecentPrompts limit={5} />
    </div>
  );
}
