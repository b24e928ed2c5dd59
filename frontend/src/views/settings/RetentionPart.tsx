/** How long the details of responses are kept. */
import { useState } from "preact/hooks";
import type { Retention, RetentionPreview, RetentionRequest } from "../../api/types";
import { toApiError } from "../../api/client";
import { Select } from "../../components";
import { exactTokens, formatCount, formatDay } from "../../lib/format";
import { dayIn } from "../../lib/time";
import { useStore } from "../../state/context";
import { ConfirmDialog } from "./ConfirmDialog";
import { SettingLine } from "./SettingLine";

type Months = RetentionRequest["months"];
interface Asked {
  months: Months;
  preview: RetentionPreview;
}

const CHOICES: readonly (readonly [Months, string])[] = [
  [null, "Keep everything"],
  [24, "2 years"],
  [12, "1 year"],
  [6, "6 months"],
  [3, "3 months"],
];

/** The part that removes single responses and keeps every total. */
export function RetentionPart({ retention }: { retention: Retention }) {
  const { app, jobs, transport, notify, zone } = useStore();
  const [asked, setAsked] = useState<Asked | null>(null);
  const begin = (months: Months) => jobs.start(() => transport.invoke("storage.retention", { months }));
  const choose = async (months: Months) => {
    try {
      const preview = await transport.invoke("storage.retention_preview", { months });
      if (preview.responses === 0) await begin(months);
      else setAsked({ months, preview });
    } catch (thrown) {
      notify(toApiError(thrown).message, "error");
    }
  };
  const confirm = async () => {
    const months = asked?.months ?? null;
    setAsked(null);
    await begin(months);
  };
  const removed = retention.removed_before_ms;
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Details of responses</h3>
        <span class="tv-sub">{removed === null ? "All are there" : `Removed before ${formatDay(dayIn(removed, zone.value))}`}</span>
      </div>
      <p class="tv-part__text">
        Every total, cost, chart, session and project stays exact for ever. Only the list of single responses can be limited, to keep the database small.
      </p>
      <SettingLine name="Keep details for">
        <Select
          label="Keep details for"
          value={String(retention.months ?? "")}
          options={CHOICES.map(([months, label]) => ({ value: String(months ?? ""), label }))}
          disabled={jobs.running.value || app.value.demo}
          onChange={(value) => void choose(CHOICES.find(([months]) => String(months ?? "") === value)?.[0] ?? null)}
        />
      </SettingLine>
      {asked !== null && <Question asked={asked} onClose={() => setAsked(null)} onConfirm={() => void confirm()} />}
    </section>
  );
}

function Question({ asked, onClose, onConfirm }: { asked: Asked; onClose: () => void; onConfirm: () => void }) {
  const zone = useStore().zone.value;
  const { before_ms, responses, counted } = asked.preview;
  const day = before_ms === null ? "" : formatDay(dayIn(before_ms, zone));
  return (
    <ConfirmDialog open title={`Remove details before ${day}?`} action="Remove details" onClose={onClose} onConfirm={onConfirm}>
      <p class="tv-part__text">
        {formatCount(responses, "response")} of {exactTokens(counted)} will no longer be listed one by one. Totals, costs, charts, sessions, projects and limits stay what they are, and nothing is counted again when a log is read once more. Responses that two homes hold keep their details.
      </p>
      <p class="tv-part__text">This cannot be undone except from a backup. A copy of the database is kept first; Undo brings it back, and it can be deleted under Kept copies. From now on, details that become older are removed without a question.</p>
    </ConfirmDialog>
  );
}
