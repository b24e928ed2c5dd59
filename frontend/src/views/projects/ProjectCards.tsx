/** The dearest projects of the range as cards. */
import type { Project } from "../../api/types";
import { Ellipsis, Sparkline } from "../../components";
import { exactMoney, formatAgo, formatCount, formatMoney, formatShare } from "../../lib/format";
import { visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { tokenParts, useTokenFormat } from "../shared/figures";

/** So many cards; the table has all. */
export const MOST_CARDS = 4;

/** A card each; a click opens the project. */
export function ProjectCards({ projects, stale, onOpen }: { projects: readonly Project[]; stale: boolean; onOpen: (project: Project) => void }) {
  return (
    <ul class={stale ? "tv-pcards tv-cards--stale" : "tv-pcards"} aria-label="Dearest projects">
      {projects.slice(0, MOST_CARDS).map((project) => (
        <li key={project.key}>
          <button type="button" class="tv-pcard tv-pcard--button" onClick={() => onOpen(project)}>
            <OneCard project={project} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function OneCard({ project }: { project: Project }) {
  const format = useTokenFormat();
  const { usage, today } = project;
  return (
    <>
      <span class="tv-pcard__head">
        {project.providers.map((id) => (
          <span key={id} class="td-dot" style={{ backgroundColor: providerColor(id) }} aria-hidden="true" />
        ))}
        <strong class="tv-pcard__name">
          <Ellipsis text={project.name} title={visibleText(project.path || project.name)} />
        </strong>
        <span class="tv-pcard__share">{formatShare(project.share)}</span>
      </span>
      <span class="tv-pcard__figures">
        <span class="tv-pcard__cost" title={exactMoney(usage.cost.usd)}>
          {formatMoney(usage.cost.usd)}
        </span>
        <span class="tv-pcard__tokens" title={tokenParts(usage.tokens)}>
          {format(usage.tokens.total_tokens)} tokens
        </span>
      </span>
      <span class="tv-pcard__spark">
        <Sparkline values={project.sparkline} />
      </span>
      <span class="tv-pcard__facts">
        {formatCount(project.sessions, "session")}
        {today.events > 0 ? `, ${formatMoney(today.cost.usd)} today` : project.last_ms !== null && `, last seen ${formatAgo(project.last_ms, now.value)}`}
      </span>
      {project.models[0] !== undefined && (
        <span class="tv-pcard__facts">
          <Ellipsis text={project.models.map(({ model }) => visibleText(model)).join(", ")} />
        </span>
      )}
    </>
  );
}
