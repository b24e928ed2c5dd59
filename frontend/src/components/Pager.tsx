import { exactTokens } from "../lib/format";
import { IconButton } from "./IconButton";
import "./Pager.css";

export interface PagerProps {
  /** First row of the page, from 0. */
  offset: number;
  /** Rows per page. */
  limit: number;
  total: number;
  onPage: (offset: number) => void;
  /** What is paged ("responses"). */
  unit?: string;
  busy?: boolean;
}

/** First, back, forward, last, and which rows of how many are shown. */
export function Pager({ offset, limit, total, onPage, unit = "rows", busy = false }: PagerProps) {
  const first = total === 0 ? 0 : offset + 1;
  const last = Math.min(total, offset + limit);
  const lastOffset = total === 0 ? 0 : Math.floor((total - 1) / limit) * limit;
  const atStart = busy || offset <= 0;
  const atEnd = busy || offset >= lastOffset;
  return (
    <nav class="td-pager" aria-label={`Pages of ${unit}`}>
      <span class="td-pager__text" aria-live="polite">
        {total === 0 ? `No ${unit}` : `${exactTokens(first)}–${exactTokens(last)} of ${exactTokens(total)} ${unit}`}
      </span>
      <IconButton class="td-pager__back" icon="last" label="First page" disabled={atStart} bordered size="small" onClick={() => onPage(0)} />
      <IconButton class="td-pager__back" icon="chevron" label="Previous page" disabled={atStart} bordered size="small" onClick={() => onPage(Math.max(0, offset - limit))} />
      <IconButton icon="chevron" label="Next page" disabled={atEnd} bordered size="small" onClick={() => onPage(Math.min(lastOffset, offset + limit))} />
      <IconButton icon="last" label="Last page" disabled={atEnd} bordered size="small" onClick={() => onPage(lastOffset)} />
    </nav>
  );
}
