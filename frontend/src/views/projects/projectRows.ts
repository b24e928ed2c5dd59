/** The rows of the table of projects: projects with their folders under them, and which of them fit a search. */
import type { Project, ProjectFolder } from "../../api/types";

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
  const inside = folder.path.startsWith(project.path) ? folder.path.slice(project.path.length).replace(/^[\\/]+/, "") : folder.path;
  return inside === "" ? "the folder itself" : inside;
}
