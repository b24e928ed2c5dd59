/** The states of a live source in words, and how often one can be asked. */
import type { LiveState } from "../../api/types";

/** The steps that the settings know, in seconds; 0 asks only by hand. */
export const CADENCES = [
  { value: "0", label: "By hand" },
  { value: "30", label: "30 s" },
  { value: "60", label: "1 min" },
  { value: "120", label: "2 min" },
  { value: "300", label: "5 min" },
  { value: "900", label: "15 min" },
] as const;

/** A state as a word and its tone. */
export interface LiveWords {
  word: "Off" | "Asking" | "Live" | "Stale" | "Error";
  tone: "ok" | "warn" | "bad" | "neutral";
}

const WORDS: Record<LiveState, LiveWords> = {
  off: { word: "Off", tone: "neutral" },
  asking: { word: "Asking", tone: "neutral" },
  live: { word: "Live", tone: "ok" },
  stale: { word: "Stale", tone: "warn" },
  error: { word: "Error", tone: "bad" },
};

/** The word for a state. */
export function liveWords(state: LiveState): LiveWords {
  return WORDS[state];
}
