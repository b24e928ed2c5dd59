/** What stands where prompts would be while they are not to be shown. */
import { Button, EmptyState } from "../../components";
import { useStore } from "../../state/context";

/** Says so, and switches them on. */
export function PromptsOff({ compact = false }: { compact?: boolean }) {
  const { prefs, notify } = useStore();
  const switchOn = async () => {
    const error = await prefs.save({ show_prompts: true });
    if (error !== null) notify(error.message, "error");
  };
  return (
    <EmptyState icon="eyeoff" compact={compact} title="Prompts are not shown" actions={<Button onClick={() => void switchOn()}>Show prompts</Button>}>
      No prompt is read while this is off. Shown, they are read from the logs on demand, with known forms of secrets masked, and never stored. Settings, Display has the switch too.
    </EmptyState>
  );
}
