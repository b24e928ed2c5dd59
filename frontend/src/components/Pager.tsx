import { exactTokens } from "../lib/format";
import { IconButton } from "./IconButton";
import "./Pager.css";

export interface PagerProps {
  /** Which rows are shown of how many, and the places that lead to other pages, null where none is. */
  page: { offset: number; total: number; previous: string | null; next: string | null; last: string | null };
  /** Rows per page. */
  limit: number;
  /** A place of the page, or null for the first one. */
  onPage: (place: string | null) => void;
  /** What is paged ("responses"). */
  unit?: string;
  busy?: boolean;
}

/** First, back, forward, last, and which rows of how many are shown. */
export function Pager({ page, limit, onPage, unit = "rows", busy = false }: PagerProps) {
  const { offset, total, previous, next, last } = page;
  const end = Math.min(total, offset + limit);
  const atStart = busy || previous === null;
  return (
    <nav class="td-pager" aria-label={`Pages of ${unit}`}>
      <span class="td-pager__text" aria-live="polite">
        {total === 0 ? `No ${unit}` : `${exactTokens(offset + 1)}–${exactTokens(end)} of ${exactTokens(total)} ${unit}`}
      </span>
      <IconButton class="td-pager__back" icon="last" label="First page" disabled={atStart} bordered size="small" onClick={() => onPage(null)} />
      <IconButton class="td-pager__back" icon="chevron" label="Previous page" disabled={atStart} bordered size="small" onClick={() => onPage(previous)} />
      <IconButton icon="chevron" label="Next page" disabled={busy || next === null} bordered size="small" onClick={() => onPage(next)} />
      <IconButton icon="last" label="Last page" disabled={busy || last === null} bordered size="small" onClick={() => onPage(last)} />
    </nav>
  );
}

/** The page that begins at a row, where all rows are at hand: its places are the numbers of rows. */
export function pageAt(offset: number, limit: number, total: number): PagerProps["page"] {
  const end = Math.max(0, Math.floor((total - 1) / limit) * limit);
  const ahead = offset < end;
  return {
    offset,
    total,
    previous: offset > 0 ? String(Math.max(0, offset - limit)) : null,
    next: ahead ? String(Math.min(end, offset + limit)) : null,
    last: ahead ? String(end) : null,
  };
}
