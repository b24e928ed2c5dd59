/** Projects: what was used where, by repository and folder. */
import { useState } from "preact/hooks";
import type { Project, Projects } from "../../api/types";
import { Card, EmptyState, ErrorState, Late, pageAt, Pager, Skeleton, Table, TextField } from "../../components";
import { sortRows } from "../../components/tableRows";
import { formatCount } from "../../lib/format";
import { useStore } from "../../state/context";
import { CardSkeletons } from "../shared/CardSkeletons";
import { MOST_CARDS, ProjectCards } from "./ProjectCards";
import { isSort, useProjectColumns } from "./projectColumns";
import { fits, projectRows, totalRow } from "./projectRows";
import { RenameDialog } from "./RenameDialog";
import { useProjects, type ProjectList } from "./useProjects";
import "../overview/providercards.css";
import "./projects.css";

const PER_PAGE = 50;

/** The page of the projects. */
export function ProjectsPage() {
  const { router } = useStore();
  const list = useProjects();
  const open = (project: Project) => router.go({ name: "project", id: project.key });
  const data = list.data.value;
  return (
    <div class="tv-stack">
      {data === null && list.error.value === null && <CardSkeletons count={MOST_CARDS} height={154} />}
      {data !== null && data.projects.length > 1 && <ProjectCards projects={data.projects} stale={list.outdated.value} onOpen={open} />}
      <All list={list} data={data} onOpen={open} />
    </div>
  );
}

function All({ list, data, onOpen }: { list: ProjectList; data: Projects | null; onOpen: (project: Project) => void }) {
  const [search, setSearch] = useState("");
  const found = data === null ? [] : data.projects.filter((project) => fits(project, search.trim()));
  return (
    <Card
      title="Projects"
      note={data ? formatCount(data.projects.length, "project") : undefined}
      actions={<TextField label="Search" hideLabel type="search" placeholder="Search name, folder, model" value={search} onInput={setSearch} class="tv-search" />}
      stale={list.outdated.value}
      busy={data === null}
    >
      <Body list={list} data={data} found={found} search={search} onOpen={onOpen} />
    </Card>
  );
}

interface BodyProps {
  list: ProjectList;
  data: Projects | null;
  found: readonly Project[];
  search: string;
  onOpen: (project: Project) => void;
}

function Body({ list, data, found, search, onOpen }: BodyProps) {
  const failed = list.error.value;
  if (failed && !list.loading.value && (data === null || list.outdated.value)) return <ErrorState message={failed.message} onRetry={list.reload} />;
  if (data === null) {
    return (
      <Late>
        <Skeleton shape="table" rows={8} pitch={49} />
      </Late>
    );
  }
  if (found.length === 0) {
    return (
      <EmptyState icon="folder" title={search.trim() ? "No project fits the search" : "No project in this range"}>
        {search.trim() ? "The search looks at names, folders and models of the projects in the chosen range." : "Choose a longer range, another provider or another home. A project is the folder that an agent was started in."}
      </EmptyState>
    );
  }
  return <Rows key={search.trim()} found={found} total={search.trim() ? null : data} onOpen={onOpen} />;
}

function Rows({ found, total, onOpen }: { found: readonly Project[]; total: Projects | null; onOpen: (project: Project) => void }) {
  const { prefs } = useStore();
  const { projects_sort: key, projects_descending: descending } = prefs.settings.value;
  const [offset, setOffset] = useState(0);
  const [named, setNamed] = useState<Project | null>(null);
  const rows = projectRows(found);
  const columns = useProjectColumns(rows, (row) => setNamed(row.project));
  const order = sortRows(rows, columns.find((column) => column.key === key), descending);
  const from = offset < order.length ? offset : 0;
  return (
    <>
      <Table
        label="Projects"
        columns={columns}
        rows={order.slice(from, from + PER_PAGE)}
        rowKey={(row) => row.key}
        childrenOf={(row) => row.children}
        sort={{ key, descending }}
        onSort={(next) => isSort(next.key) && prefs.change({ projects_sort: next.key, projects_descending: next.descending })}
        onRow={(row) => onOpen(row.project)}
        total={total && totalRow(total)}
      />
      {order.length > PER_PAGE && <Pager page={pageAt(from, PER_PAGE, order.length)} limit={PER_PAGE} unit="projects" onPage={(place) => setOffset(Number(place))} />}
      <RenameDialog project={named} onClose={() => setNamed(null)} />
    </>
  );
}
