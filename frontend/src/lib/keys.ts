/** A parsed shortcut. `mod` is Cmd or Ctrl. */
export interface KeyChord {
  key: string;
  mod: boolean;
  shift: boolean;
  alt: boolean;
}

/** The parts of a key press that decide; a KeyboardEvent is one. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Reads "Mod+Shift+K" into its parts. */
export function parseKeys(keys: string): KeyChord {
  const parts = keys === "+" ? ["+"] : keys.split("+");
  const modifiers = parts.slice(0, -1).map((part) => part.toLowerCase());
  return {
    key: (parts[parts.length - 1] ?? "").toLowerCase(),
    mod: modifiers.includes("mod"),
    shift: modifiers.includes("shift"),
    alt: modifiers.includes("alt"),
  };
}

/** True where a press is the chord: Cmd or Ctrl for Mod, letters and digits also by place on other keyboard layouts. */
export function pressMatches(press: KeyPress, chord: KeyChord): boolean {
  if ((press.ctrlKey || press.metaKey) !== chord.mod || press.altKey !== chord.alt) return false;
  if (press.shiftKey !== chord.shift && !isSymbol(chord.key)) return false;
  if (press.key.toLowerCase() === chord.key) return true;
  return chord.mod && !/^[a-z]$/i.test(press.key) && codeOf(chord.key).includes(press.code);
}

/** The keys as the user's machine names them: ["⌘", "R"] or ["Ctrl", "R"]. */
export function formatKeys(keys: string, mac: boolean = isMac()): string[] {
  const chord = parseKeys(keys);
  const modifiers = [chord.mod && (mac ? "⌘" : "Ctrl"), chord.alt && (mac ? "⌥" : "Alt"), chord.shift && (mac ? "⇧" : "Shift")];
  const names: Record<string, string> = { escape: "Esc", enter: "Enter", " ": "Space" };
  const key = names[chord.key] ?? (chord.key.length === 1 ? chord.key.toUpperCase() : chord.key.replace(/^./, (first) => first.toUpperCase()));
  return [...modifiers.filter((part) => part !== false), key];
}

/** True on Apple's systems. */
export function isMac(platform: string = typeof navigator === "undefined" ? "" : navigator.platform): boolean {
  return /mac|iphone|ipad/i.test(platform);
}

/** A symbol needs Shift on some layouts and not on others, so Shift says nothing. */
function isSymbol(key: string): boolean {
  return key.length === 1 && !/[a-z0-9]/i.test(key);
}

function codeOf(key: string): string[] {
  if (/^[a-z]$/.test(key)) return [`Key${key.toUpperCase()}`];
  if (/^[0-9]$/.test(key)) return [`Digit${key}`, `Numpad${key}`];
  return [];
}
