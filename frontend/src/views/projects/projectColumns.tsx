/** The columns of the table of projects. */
import type { ProjectSort } from "../../api/types";
import { Badge, Ellipsis, IconButton, type Column } from "../../components";
import { decimalToNumber } from "../../lib/decimal";
import { exactMoney, exactTokens, formatAgo, formatDateTime, formatMoney, formatShare } from "../../lib/format";
import { visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { tokenParts, useTokenFormat } from "../shared/figures";
import { folderName, type ProjectRow } from "./projectRows";

const SORTS: Record<ProjectSort, true> = { name: true, cost: true, today: true, tokens: true, share: true, sessions: true, last: true };

/** Whether the order by a column is one that is remembered. */
export const isSort = (key: string): key is ProjectSort => Object.hasOwn(SORTS, key);

const usageOf = ({ project, folder }: ProjectRow) => (folder ?? project).usage;
const costOf = (row: ProjectRow) => decimalToNumber(usageOf(row).cost.usd);

/** Columns for projects and their folders. `onRename` opens the name of a project. */
export function useProjectColumns(rows: readonly ProjectRow[], onRename: (row: ProjectRow) => void): Column<ProjectRow>[] {
  const zone = useStore().zone.value;
  const format = useTokenFormat();
  const highest = Math.max(0, ...rows.map((row) => costOf(row) ?? 0));
  const seen = (row: ProjectRow) => (row.folder ?? row.project).last_ms;
  return [
    { key: "name", header: "Project", maxWidth: "320px", cell: (row) => <NameCell row={row} onRename={onRename} />, sortValue: (row) => folderName(row).toLowerCase() },
    { key: "cost", header: "Cost", align: "right", cell: (row) => <CostCell row={row} />, title: (row) => exactMoney(usageOf(row).cost.usd), sortValue: costOf, bar: (row) => (row.folder !== null || highest === 0 ? null : (costOf(row) ?? 0) / highest) },
    { key: "today", header: "Today", align: "right", hideWhen: "tiny", cell: (row) => (row.folder === null && row.project.today.events > 0 ? formatMoney(row.project.today.cost.usd) : "–"), sortValue: (row) => (row.folder === null ? decimalToNumber(row.project.today.cost.usd) : null) },
    { key: "tokens", header: "Tokens", align: "right", cell: (row) => format(usageOf(row).tokens.total_tokens), title: (row) => tokenParts(usageOf(row).tokens), sortValue: (row) => usageOf(row).tokens.total_tokens },
    { key: "share", header: "Share", headerTitle: "Of the tokens of the range", align: "right", hideWhen: "narrow", cell: (row) => (row.folder === null ? formatShare(row.project.share) : ""), sortValue: (row) => usageOf(row).tokens.total_tokens },
    { key: "sessions", header: "Sessions", headerTitle: "That began there", align: "right", hideWhen: "narrow", cell: (row) => exactTokens((row.folder ?? row.project).sessions), sortValue: (row) => (row.folder ?? row.project).sessions },
    { key: "models", header: "Models", maxWidth: "200px", hideWhen: "narrow", cell: (row) => (row.folder === null ? <Ellipsis text={row.project.models.map(({ model }) => visibleText(model)).join(", ")} /> : "") },
    { key: "last", header: "Last seen", align: "right", hideWhen: "tiny", cell: (row) => formatAgo(seen(row), now.value), title: (row) => formatDateTime(seen(row), zone, now.value), sortValue: seen },
  ];
}

function NameCell({ row, onRename }: { row: ProjectRow; onRename: (row: ProjectRow) => void }) {
  const { project, folder } = row;
  if (folder !== null) {
    return (
      <span class="tv-project__folder">
        <Ellipsis text={folderName(row)} keep="end" title={visibleText(folder.path)} mono />
        {folder.worktree && <Badge title="A linked worktree of this repository">worktree</Badge>}
      </span>
    );
  }
  return (
    <span class="tv-project">
      <span class="tv-project__name">
        {project.providers.map((id) => (
          <span key={id} class="td-dot" style={{ backgroundColor: providerColor(id) }} aria-hidden="true" />
        ))}
        <Ellipsis text={project.name} title={visibleText(project.path || project.name)} />
        {project.path !== "" && <IconButton icon="edit" size="small" label={`Rename ${visibleText(project.name)}`} class="tv-project__rename" onClick={() => onRename(row)} />}
      </span>
      {project.path !== "" && (
        <span class="tv-project__path">
          <Ellipsis text={project.path} keep="end" mono />
        </span>
      )}
    </span>
  );
}

function CostCell({ row }: { row: ProjectRow }) {
  const { cost } = usageOf(row);
  if (cost.usd === null) return <Badge tone="warn">unpriced</Badge>;
  return (
    <>
      {formatMoney(cost.usd)}
      {cost.unpriced_tokens > 0 && (
        <span class="tv-partly" title={`Without ${cost.unpriced_models.map(visibleText).join(", ")}, which have no price`}>
          +?
        </span>
      )}
    </>
  );
}
