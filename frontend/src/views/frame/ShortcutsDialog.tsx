/** All shortcuts at a glance. */
import { Dialog } from "../../components/Dialog";
import { formatKeys, listShortcuts } from "../../lib/keyboard";
import { useStore } from "../../state/context";
import "./shortcuts.css";

/** The list that `?` opens. */
export function ShortcutsDialog() {
  const { shortcuts } = useStore().overlays;
  return (
    <Dialog open={shortcuts.value} title="Shortcuts" size="small" onClose={() => (shortcuts.value = false)}>
      <dl class="tv-keys">
        {[...listShortcuts(), { keys: "Escape", label: "Close what is on top", group: "General" }].map(({ keys, label }) => (
          <div class="tv-keys__row" key={keys}>
            <dt>{label}</dt>
            <dd>
              {formatKeys(keys).map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
