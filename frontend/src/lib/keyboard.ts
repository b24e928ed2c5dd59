import { escapeTop, modalIsOpen } from "./escape";
import { parseKeys, pressMatches, type KeyChord } from "./keys";

export { pushEscape } from "./escape";
export { formatKeys, isMac } from "./keys";

/** A key or chord with what it does. */
export interface Shortcut {
  /** "Mod+R" (Cmd and Ctrl alike), "Mod+,", "?", "F1". */
  keys: string;
  /** What it does, for the help dialog. */
  label: string;
  /** Heading in the help dialog. */
  group?: string;
  run: () => void;
  /** Also works while a modal dialog is open. */
  inDialogs?: boolean;
  /** A second way to something: the help dialog leaves it out. */
  hidden?: boolean;
}

interface Registered extends Shortcut {
  chord: KeyChord;
}

/** Keys of the browser around a page that must never reach it, whether or not they run something now. */
const RESERVED = ["Mod+R", "Mod+Shift+R", "F5", "Mod+F5", "Shift+F5", "Mod+L", "Mod+Shift+P"].map(parseKeys);

let registered: readonly Registered[] = [];

/** Adds a shortcut; the one added last wins. Returns how to take it away. */
export function registerShortcut(shortcut: Shortcut): () => void {
  const entry = { ...shortcut, chord: parseKeys(shortcut.keys) };
  registered = [entry, ...registered];
  return () => {
    registered = registered.filter((other) => other !== entry);
  };
}

/** Adds several shortcuts; returns how to take them all away. */
export function registerShortcuts(shortcuts: readonly Shortcut[]): () => void {
  const removers = shortcuts.map(registerShortcut);
  return () => removers.forEach((remove) => remove());
}

/** All shortcuts that work now, in the order they were added, for the help dialog. */
export function listShortcuts(): { keys: string; label: string; group: string }[] {
  return [...registered].reverse().filter(({ hidden }) => !hidden).map(({ keys, label, group }) => ({ keys, label, group: group ?? "General" }));
}

/** Starts listening on the window; returns how to stop. */
export function installKeyboard(target: Window = window): () => void {
  target.addEventListener("keydown", handleKey, { capture: true });
  return () => target.removeEventListener("keydown", handleKey, { capture: true });
}

/** What one key press does: Escape closes what is on top; a shortcut runs unless the user types or a dialog is open. */
export function handleKey(event: KeyboardEvent): void {
  if (RESERVED.some((chord) => pressMatches(event, chord))) event.preventDefault();
  else if (event.defaultPrevented) return;
  if (event.isComposing) return;
  if (event.key === "Escape") {
    if (!event.repeat && escapeTop()) consume(event);
    return;
  }
  if (isTyping(event.target)) return;
  const found = registered.find((shortcut) => pressMatches(event, shortcut.chord));
  if (!found || (modalIsOpen() && !found.inDialogs)) return;
  consume(event);
  if (!event.repeat) found.run();
}

/** True where keys are text: text boxes, areas, select boxes and editable elements. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[contenteditable]:not([contenteditable='false'])")) return true;
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

const NOT_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset", "range", "color", "file", "image"]);

function consume(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
