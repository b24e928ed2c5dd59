/** What a folder's project is called. */
import { Ellipsis } from "../../components";
import { visibleText } from "../../lib/text";
import { useStore } from "../../state/context";

/** The user's name of a project, else the last part of its folder, with the whole folder on hover. */
export function ProjectName({ folder, fallback }: { folder: string | null; fallback: string }) {
  const { projects } = useStore();
  return <Ellipsis text={folder && projects.nameOf(folder)} fallback={fallback} title={folder ? visibleText(folder) : undefined} />;
}
