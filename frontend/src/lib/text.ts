/** Characters that change direction or cannot be seen, and so could make text look like something else. */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g;
const BLANKS = /[\t\n\v\f\r\u0085]+/g;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** No text is read further than this: what is cut off could not be seen anyway. */
const READ_AT_MOST = 20_000;

/** Log text made fit to be seen on one line: line breaks become spaces, control and bidi characters become visible. */
export function visibleText(text: string): string {
  return seenCharacters(clipText(text, READ_AT_MOST).replace(BLANKS, " ")).trim();
}

/** Log text made fit to be seen with its lines and indents, however long: the backend has cut it. */
export function visibleLines(text: string): string {
  return text
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
    .split("\n")
    .map((line) => seenCharacters(line.replace(/\t/g, "    ")).trimEnd())
    .join("\n")
    .replace(/\n{4,}/g, "\n\n\n")
    .replace(/^\n+|\n+$/g, "");
}

function seenCharacters(text: string): string {
  return text
    .replace(CONTROL, controlPicture)
    .replace(LONE_SURROGATE, "\ufffd")
    .replace(INVISIBLE, (character) => `[U+${hex(character)}]`)
    .replace(STACKED_MARKS, "$1");
}

/** The first `most` UTF-16 units of a text with an ellipsis at the cut; never half of a character. */
export function clipText(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = isHighSurrogate(text.charCodeAt(most - 1)) ? most - 1 : most;
  return `${text.slice(0, Math.max(0, end)).trimEnd()}…`;
}

/** The last name of a path, with either separator; the path itself where it has no name. */
export function lastPathPart(path: string): string {
  const parts = path.split(/[\\/]+/).filter((part) => part !== "");
  return parts[parts.length - 1] ?? path;
}

/** A name for each path: its last folder, with as many folders before it as are needed to tell it from the others. */
export function pathLabels(items: readonly { key: string; label: string }[]): Map<string, string> {
  const labels = new Map(items.map(({ key, label }) => [key, label]));
  // A name that is not the folder's own was given by the user, who knows which is meant.
  const own = items.filter(({ key, label }) => label === lastPathPart(key));
  for (const label of new Set(own.map((item) => item.label))) {
    const group = own.filter((item) => item.label === label);
    if (group.length < 2) continue;
    const names = group.map(({ key }) => key.split(/[\\/]+/).filter((part) => part !== ""));
    const longest = Math.max(...names.map((parts) => parts.length));
    for (let depth = 2; depth <= longest; depth += 1) {
      const tails = names.map((parts) => parts.slice(-depth).join("/"));
      if (new Set(tails).size < group.length && depth < longest) continue;
      group.forEach(({ key }, at) => labels.set(key, tails[at] || label));
      break;
    }
  }
  return labels;
}

function controlPicture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : `[U+${hex(character)}]`;
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
