/** The rows of the table of projects: projects with their folders under them, and which of them fit a search. */
import type { Project, ProjectFolder, Projects } from "../../api/types";

/** A project, or one of its folders. */
export interface ProjectRow {
  key: string;
  project: Project;
  /** null for the project itself. */
  folder: ProjectFolder | null;
  children: readonly ProjectRow[];
}

/** Rows; a project that is one folder has nothing to unfold. */
export function projectRows(projects: readonly Project[]): ProjectRow[] {
  return projects.map((project) => ({
    key: project.key,
    project,
    folder: null,
    children: project.folders.length < 2 ? [] : project.folders.map((folder, at) => ({ key: `${project.key}\u0000${at}`, project, folder, children: [] })),
  }));
}

/** The sum of all as a row; it equals the cards. */
export function totalRow({ total, today, projects }: Projects): ProjectRow {
  const sum = (count: (project: Project) => number) => projects.reduce((all, project) => all + count(project), 0);
  const times = projects.flatMap((project) => project.last_ms ?? []);
  const project: Project = { key: "", path: "", name: "Total", named: false, repository: false, providers: [], usage: total, today, sessions: sum((one) => one.sessions), last_ms: times.length === 0 ? null : Math.max(...times), models: [], share: sum((one) => one.share), sparkline: [], folders: [] };
  return { key: "total", project, folder: null, children: [] };
}

/** Whether every word of a search stands in a project's name, its folders or its models. */
export function fits(project: Project, search: string): boolean {
  const text = [project.name, project.path, ...project.folders.map((folder) => folder.path), ...project.models.map(({ model }) => model)].join("\n").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The name of a folder within its project: what stands behind the project's own path. */
export function folderName({ project, folder }: ProjectRow): string {
  if (folder === null) return project.name;
  const rest = folder.path.startsWith(project.path) ? folder.path.slice(project.path.length) : null;
  if (rest === "") return "the folder itself";
  return rest !== null && /^[\\/]/.test(rest) ? rest.replace(/^[\\/]+/, "") : folder.path;
}
