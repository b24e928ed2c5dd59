/** One prompt: when, where, what was asked, who answered and what the turn cost. */
import type { PromptRow } from "../../api/types";
import { Ellipsis } from "../../components";
import { exactMoney, formatClock, formatDateTime, formatMoney, formatRelative, shortSessionId } from "../../lib/format";
import { visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { ProjectName } from "../shared/ProjectName";
import { tokenParts, useTokenFormat } from "../shared/figures";
import { PromptBody } from "./PromptBody";

interface PromptItemProps {
  row: PromptRow;
  /** Inside a session its name and project are left out. */
  inSession?: boolean;
  /** The day is said where no heading says it. */
  dated?: boolean;
}

/** A row of the list. */
export function PromptItem({ row, inSession = false, dated = false }: PromptItemProps) {
  const store = useStore();
  const zone = store.zone.value;
  const when = dated ? formatDateTime(row.time_ms, zone, now.value) : formatClock(row.time_ms, zone);
  const provider = store.provider(row.provider)?.name ?? row.provider;
  return (
    <li class="tv-prompt">
      <div class="tv-prompt__head">
        <span class="td-dot" style={{ backgroundColor: providerColor(row.provider) }} title={provider} role="img" aria-label={provider} />
        <time class="tv-prompt__time tv-num" dateTime={new Date(row.time_ms).toISOString()} title={`${formatDateTime(row.time_ms, zone, now.value)} (${formatRelative(row.time_ms, now.value)})`}>
          {when}
        </time>
        {!inSession && <Where row={row} />}
        <Turn row={row} />
      </div>
      <PromptBody row={row} />
    </li>
  );
}

function Where({ row }: { row: PromptRow }) {
  const { router } = useStore();
  return (
    <span class="tv-prompt__where">
      <a class="tv-link tv-prompt__session" href={router.href({ name: "session", id: row.session })}>
        <Ellipsis text={row.session_title ?? shortSessionId(row.session)} />
      </a>
      {row.project !== null && (
        <span class="tv-prompt__project">
          <ProjectName folder={row.project} fallback="" />
        </span>
      )}
    </span>
  );
}

function Turn({ row }: { row: PromptRow }) {
  const format = useTokenFormat();
  const { tokens, cost, events } = row.usage;
  const [model, ...others] = row.models;
  if (events === 0) return <span class="tv-prompt__turn tv-sub">no response</span>;
  return (
    <span class="tv-prompt__turn">
      <span class="tv-prompt__model" title={others.length > 0 ? visibleText(row.models.join("\n")) : undefined}>
        <Ellipsis text={model} fallback="unknown model" />
        {others.length > 0 && <span class="tv-sub">+{others.length}</span>}
      </span>
      <span class="tv-num" title={tokenParts(tokens)}>
        {format(tokens.total_tokens)}
      </span>
      <span class="tv-num tv-prompt__cost" title={exactMoney(cost.usd)}>
        {formatMoney(cost.usd)}
      </span>
    </span>
  );
}
