/** A project's name: the user's own, or the folder's again. */
import { useEffect, useState } from "preact/hooks";
import { toApiError } from "../../api/client";
import type { Project } from "../../api/types";
import { Button, Dialog, Ellipsis, TextField } from "../../components";
import { showToast } from "../../components/toaster";
import { lastPathPart } from "../../lib/text";
import { useStore } from "../../state/context";

/** Asks for a name; what the backend refuses is said beside the box, and a change can be undone. */
export function RenameDialog({ project, onClose }: { project: Project | null; onClose: () => void }) {
  const { projects } = useStore();
  const [name, setName] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setName(project?.name ?? "");
    setProblem(null);
  }, [project]);
  const change = (key: string, next: string | null, before: string | null) =>
    projects.rename(key, next).then(
      () => {
        onClose();
        showToast(next === null ? "The folder's own name shows again." : `The project is called ${next}.`, "ok", { label: "Undo", run: () => void projects.rename(key, before).catch(() => undefined) });
      },
      (thrown: unknown) => setProblem(toApiError(thrown).message),
    );
  const before = project?.named ? project.name : null;
  const save = () => {
    if (project) void change(project.key, name.trim(), before);
  };
  const footer = (
    <>
      {project?.named && (
        <Button kind="link" onClick={() => void change(project.key, null, before)}>
          Show the folder&rsquo;s name
        </Button>
      )}
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="primary" onClick={save}>
        Save
      </Button>
    </>
  );
  return (
    <Dialog open={project !== null} size="small" title="Name this project" onClose={onClose} footer={footer}>
      {project && (
        <>
          <TextField label="Name" value={name} onInput={setName} error={problem} hint="Shown everywhere instead of the folder. Reports and exports keep the path." placeholder={lastPathPart(project.path)} autofocus onEnter={save} />
          <p class="tv-part__text">
            <Ellipsis text={project.path} keep="end" mono />
          </p>
        </>
      )}
    </Dialog>
  );
}
