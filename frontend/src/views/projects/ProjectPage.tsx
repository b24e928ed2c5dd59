/** One project: its figures in the range, its folders, its models, and what was asked in it. */
import { useState } from "preact/hooks";
import type { Project } from "../../api/types";
import { Button, Card, EmptyState, ErrorState, Kpi, Late, Skeleton, Table } from "../../components";
import { exactMoney, formatAgo, formatCount, formatMoney, formatShare } from "../../lib/format";
import { visibleText } from "../../lib/text";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { RecentPrompts } from "../activity/RecentPrompts";
import { tokenParts, useTokenFormat } from "../shared/figures";
import { SwatchName } from "../shared/ModelCell";
import { chooseProject } from "../shared/usePaged";
import { useProjectColumns } from "./projectColumns";
import { projectRows } from "./projectRows";
import { RenameDialog } from "./RenameDialog";
import { useProjects } from "./useProjects";
import "./projects.css";

/** The page of a project, by its key. */
export function ProjectPage({ id }: { id: string }) {
  const { router } = useStore();
  const list = useProjects();
  const data = list.data.value;
  const failed = list.error.value;
  if (failed && !list.loading.value && data === null) return <ErrorState message={failed.message} onRetry={list.reload} />;
  if (data === null) {
    return (
      <Late>
        <Skeleton shape="table" rows={8} pitch={49} />
      </Late>
    );
  }
  const project = data.projects.find((one) => one.key === id);
  return (
    <div class="tv-stack">
      {project === undefined ? (
        <Card title="Project">
          <EmptyState title="Nothing was used here in this range" actions={<Button onClick={() => router.go({ name: "projects" })}>All projects</Button>}>
            Choose a longer range, another provider or another home.
          </EmptyState>
        </Card>
      ) : (
        <Parts project={project} stale={list.outdated.value} />
      )}
      {id !== "" && <RecentPrompts project={id} limit={5} />}
    </div>
  );
}

function Parts({ project, stale }: { project: Project; stale: boolean }) {
  const store = useStore();
  const [naming, setNaming] = useState(false);
  const rows = projectRows([project]);
  const columns = useProjectColumns(rows, () => setNaming(true));
  const showSessions = () => {
    chooseProject(store, project.key);
    store.router.go({ name: "sessions" });
  };
  return (
    <>
      <Figures project={project} stale={stale} onSessions={showSessions} />
      <Card title="Folders" note={project.repository ? "of one repository" : undefined} stale={stale}>
        <Table label="Folders" columns={columns} rows={rows} rowKey={(row) => row.key} childrenOf={(row) => row.children} defaultOpen={[project.key]} />
      </Card>
      <Models project={project} stale={stale} />
      <RenameDialog project={naming ? project : null} onClose={() => setNaming(false)} />
    </>
  );
}

function Figures({ project, stale, onSessions }: { project: Project; stale: boolean; onSessions: () => void }) {
  const format = useTokenFormat();
  const { usage, today } = project;
  const seen = project.last_ms === null ? undefined : `last seen ${formatAgo(project.last_ms, now.value)}`;
  return (
    <div class={stale ? "tv-projectcards tv-cards--stale" : "tv-projectcards"}>
      <Kpi label="Cost" value={formatMoney(usage.cost.usd)} exact={exactMoney(usage.cost.usd)} sub={`${formatShare(project.share)} of the tokens`} sparkline={project.sparkline} />
      <Kpi label="Today" value={formatMoney(today.cost.usd)} exact={exactMoney(today.cost.usd)} sub={formatCount(today.events, "response")} />
      <Kpi label="Tokens" value={format(usage.tokens.total_tokens)} exact={tokenParts(usage.tokens)} sub={formatCount(usage.events, "response")} />
      <Kpi label="Sessions" value={String(project.sessions)} sub={seen} badge={<Button kind="link" onClick={onSessions}>Show</Button>} />
    </div>
  );
}

function Models({ project, stale }: { project: Project; stale: boolean }) {
  const format = useTokenFormat();
  return (
    <Card title="Models" note="those used most" stale={stale}>
      <Table
        label="Models of the project"
        dense
        columns={[
          { key: "model", header: "Model", cell: ({ model }) => <SwatchName name={model} label={visibleText(model)} /> },
          { key: "tokens", header: "Tokens", align: "right", cell: ({ tokens }) => format(tokens) },
        ]}
        rows={project.models}
        rowKey={({ model }) => model}
      />
    </Card>
  );
}
