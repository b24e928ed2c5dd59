import { useEffect, useState } from "preact/hooks";

/** Longer than most of what the program does: only what takes longer moves. */
export const LATE_MS = 700;

/** Whether something has gone on for a while.
 *
 * A sign that moves has the browser draw 60 times a second. Without a graphics device that takes most of a core, which
 * the answer that is waited for needs more, and a delay in CSS draws as often as what it delays.
 */
export function useLate(goesOn: boolean, afterMs = LATE_MS): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!goesOn) return undefined;
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [goesOn, afterMs]);
  return goesOn && late;
}
