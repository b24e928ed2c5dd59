/** An agent's status line: what to write into its settings, whether it tells anything yet, and how the line looks. */
import { useEffect, useMemo } from "preact/hooks";
import type { StatusLineDraft, StatusLinePreview, StatusLineSetup } from "../../api/types";
import { Button, CopyButton } from "../../components";
import { formatAgo } from "../../lib/format";
import { isPrivate } from "../../lib/privacy";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { createResource } from "../../state/resource";
import { SavedBoxes, type Box } from "./SettingLine";

const FORMAT: readonly Box[] = [{ name: "status_line_format", label: "Format of the line", read: (text) => ({ value: text }), size: "wide" }];

interface StatusLinePartProps {
  /** The provider's name. */
  name: string;
  setup: StatusLineSetup;
}

/** The part of a provider that has a status line. */
export function StatusLinePart({ name, setup }: StatusLinePartProps) {
  return (
    <section aria-label={`Status line of ${name}`}>
      <details class="tv-fold">
        <summary>
          Status line <span class="tv-sub">{setup.last_ms === null ? "No reading has arrived yet." : `The last reading arrived ${formatAgo(setup.last_ms, now.value)}.`}</span>
        </summary>
        <Setup name={name} setup={setup} />
      </details>
    </section>
  );
}

/** What to write into the agent's settings, and the line that it will show. */
function Setup({ name, setup }: StatusLinePartProps) {
  return (
    <div class="tv-statusline">
      <p class="tv-part__text">
        Write this into <code>{setup.settings_file}</code> beside what is there; Tokendial never changes that file. From then on {name} shows one line, and how far each limit is used and when it resets is
        kept here. Nothing else of what it tells is stored.
      </p>
      {isPrivate.value ? (
        <p class="td-field__note">Privacy mode hides the command, which names folders.</p>
      ) : (
        <div class="tv-statusline__setting">
          <pre class="td-mono" tabIndex={0} aria-label={`Setting for ${name}`}>
            {setup.setting}
          </pre>
          <CopyButton text={setup.setting} label={`Copy the setting for ${name}`} />
        </div>
      )}
      <div>
        <p class="td-field__label" aria-hidden="true">
          Format of the line
        </p>
        <SavedBoxes what="format" boxes={FORMAT} hideLabels>
          {(draft) => <Preview format={draft[0] ?? ""} />}
        </SavedBoxes>
      </div>
    </div>
  );
}

/** The line that a format gives, with invented figures, and the places it may have. */
function Preview({ format }: { format: string }) {
  const { prefs, transport } = useStore();
  const preview = useMemo(() => createResource<StatusLineDraft, StatusLinePreview>({ fetch: (draft) => transport.invoke("statusline.preview", draft) }), [transport]);
  const { currency_sign, currency_rate, privacy } = prefs.saved.value;
  useEffect(() => void preview.load({ format }), [preview, format, currency_sign, currency_rate, privacy]);
  const shown = preview.data.value;
  if (shown === null) return null;
  return (
    <>
      {shown.problem === null ? (
        <p class="tv-statusline__line td-mono" aria-label="Preview of the line">
          {shown.line}
        </p>
      ) : (
        <p class="td-field__note td-field__note--bad" role="status">
          {shown.problem}
        </p>
      )}
      <details class="tv-fold tv-statusline__places">
        <summary>What the line can show</summary>
        <dl class="tv-list">
          {Object.entries(shown.places).map(([place, words]) => (
            <>
              <dt key={place} class="td-mono">{`{${place}}`}</dt>
              <dd>{words}</dd>
            </>
          ))}
        </dl>
        <p class="td-field__note">A part whose figure is not known is left out with its separator. A + after a cost says that a model has no price.</p>
      </details>
      {prefs.saved.value.status_line_format !== shown.usual && (
        <Button kind="link" onClick={() => void prefs.save({ status_line_format: shown.usual })}>
          Back to the usual format
        </Button>
      )}
    </>
  );
}
