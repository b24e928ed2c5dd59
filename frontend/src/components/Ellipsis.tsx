import { aliasOf, isPrivate, seenText } from "../lib/privacy";
import { clipText, visibleText } from "../lib/text";
import "./Ellipsis.css";

/** Characters that are put into the page at most; the rest could never be seen. */
const SHOWN = 400;
const HOVER = 2000;

export interface EllipsisProps {
  /** Untrusted text of the logs. */
  text: string | null | undefined;
  /** Shown where there is no text. */
  fallback?: string;
  /** `end` keeps the last part of a path in view. */
  keep?: "start" | "end";
  /** More than one line before the cut. */
  lines?: number;
  mono?: boolean;
  /** A hover text other than the full text. */
  title?: string;
  class?: string;
}

/** Log text on one line (or `lines`), cut with an ellipsis, full on hover, control and bidi characters made visible. */
export function Ellipsis({ text, fallback = "–", keep = "start", lines = 1, mono, title, class: extra }: EllipsisProps) {
  const clean = visibleText(keep === "end" ? (text ?? "") : seenText(text ?? ""));
  if (clean === "") return <span class={["td-ellipsis", "td-ellipsis--empty", extra].filter(Boolean).join(" ")}>{fallback}</span>;
  if (keep === "end" && isPrivate.value) return <bdi class={["td-ellipsis", extra].filter(Boolean).join(" ")}>{aliasOf("Folder", clean)}</bdi>;
  const hover = title === undefined ? clipText(clean, HOVER) : seenText(title);
  const classes = ["td-ellipsis", mono && "td-mono", extra].filter(Boolean).join(" ");
  if (keep === "end") {
    const [head, tail] = splitPath(clean);
    return (
      <bdi class={`${classes} td-ellipsis--split`} title={hover}>
        <span class="td-ellipsis__head">{clipText(head, SHOWN)}</span>
        <span class="td-ellipsis__tail">{clipText(tail, SHOWN)}</span>
      </bdi>
    );
  }
  if (lines > 1) {
    return (
      <bdi class={`${classes} td-ellipsis--lines`} style={{ "-webkit-line-clamp": String(lines) }} title={hover}>
        {clipText(clean, SHOWN * lines)}
      </bdi>
    );
  }
  return (
    <bdi class={classes} title={hover}>
      {clipText(clean, SHOWN)}
    </bdi>
  );
}

/** The folder and the last name of a path, the separator with the name. */
function splitPath(path: string): [string, string] {
  const cut = Math.max(path.lastIndexOf("/", path.length - 2), path.lastIndexOf("\\", path.length - 2));
  return cut > 0 ? [path.slice(0, cut), path.slice(cut)] : ["", path];
}
