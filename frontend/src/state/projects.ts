/** The names that the user gave to projects, by folder as the logs spell it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Transport } from "../api/client";
import { lastPathPart } from "../lib/text";
import type { Reloader } from "./reload";

/** The names and how to change one. */
export interface ProjectNames {
  names: ReadonlySignal<Readonly<Record<string, string>>>;
  /** What a folder's project is called: the user's name, else the last part of its path. */
  nameOf(folder: string): string;
  /** Names a project; null takes its name away. Fails with what the backend says. */
  rename(key: string, name: string | null): Promise<void>;
  stop(): void;
}

/** Reads the names now and whenever figures change. */
export function createProjectNames(transport: Transport, reloader: Reloader): ProjectNames {
  const names = signal<Record<string, string>>({});
  const load = () =>
    transport.invoke("projects.names", {}).then(
      (answer) => void (names.value = answer.names),
      // Without names the folders' own are shown; the panels say what is wrong with the backend.
      () => undefined,
    );
  void load();
  const stop = reloader.add(load);
  return {
    names,
    nameOf: (folder) => names.value[folder] ?? lastPathPart(folder),
    async rename(key, name) {
      names.value = (await transport.invoke("projects.rename", { key, name })).names;
      void reloader.now();
    },
    stop,
  };
}
