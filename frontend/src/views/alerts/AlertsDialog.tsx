/** The list behind the bell: what holds now with what can be done about it, and what was told before. */
import { useEffect, useState } from "preact/hooks";
import type { AlertEntry, Alerts } from "../../api/types";
import { Badge, Button, Dialog, EmptyState, ErrorState, IconButton, Select, Skeleton } from "../../components";
import { formatDateTime, formatMoment } from "../../lib/format";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { kindWords, SNOOZE_ALL, SNOOZE_ONE, statusWords, whereOf } from "./alertWords";
import "./alerts.css";

const SHOWN_AT_FIRST = 8;

/** The dialog; it asks anew whenever it opens. */
export function AlertsDialog() {
  const { alerts, overlays } = useStore();
  const { all } = alerts;
  const isOpen = overlays.alerts.value;
  useEffect(() => {
    if (isOpen) void alerts.load();
  }, [alerts, isOpen]);
  const close = () => (overlays.alerts.value = false);
  const data = all.data.value;
  return (
    <Dialog open={isOpen} title="Alerts" size="normal" onClose={close} footer={<Foot data={data} onClose={close} />}>
      {data === null ? (
        all.error.value ? <ErrorState message={all.error.value.message} onRetry={() => void alerts.load()} /> : <Skeleton shape="table" rows={3} />
      ) : (
        <Lists data={data} onClose={close} />
      )}
    </Dialog>
  );
}

function Lists({ data, onClose }: { data: Alerts; onClose: () => void }) {
  const [open, setOpen] = useState(false);
  const past = open ? data.history : data.history.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <Silence data={data} />
      {data.current.length === 0 ? (
        <EmptyState compact icon="bell" title="Nothing to report">
          No limit or budget stands at one of its steps.
        </EmptyState>
      ) : (
        <ul class="tv-rows" aria-label="Current alerts">
          {data.current.map((entry) => (
            <Current key={entry.id} entry={entry} onClose={onClose} />
          ))}
        </ul>
      )}
      {past.length > 0 && (
        <section class="tv-alerts__past">
          <h3 class="tv-alerts__heading">Before</h3>
          <ul class="tv-rows" aria-label="Past alerts">
            {past.map((entry) => (
              <Past key={entry.id} entry={entry} />
            ))}
          </ul>
          {data.history.length > past.length && (
            <Button kind="link" onClick={() => setOpen(true)}>
              Show all {data.history.length}
            </Button>
          )}
        </section>
      )}
    </>
  );
}

/** Says that nothing is announced for now, with the way out. */
function Silence({ data }: { data: Alerts }) {
  const { alerts, zone } = useStore();
  const until = data.all_snoozed_until_ms;
  if (until !== null) {
    return (
      <p class="tv-alerts__silence" role="status">
        All alerts are silent until {formatMoment(until, zone.value, now.value)}.{" "}
        <Button kind="link" onClick={() => void alerts.wake(null)}>
          End silence
        </Button>
      </p>
    );
  }
  return data.quiet ? <p class="tv-alerts__silence">Quiet hours: notifications of the system wait until they end.</p> : null;
}

function Current({ entry, onClose }: { entry: AlertEntry; onClose: () => void }) {
  const { alerts, zone } = useStore();
  const isSnoozed = entry.status === "snoozed";
  return (
    <li class="tv-alert">
      <Text entry={entry} />
      <div class="tv-alert__actions">
        <Where entry={entry} onClose={onClose} />
        {isSnoozed ? (
          <Button onClick={() => void alerts.wake(entry.id)}>Silent until {formatMoment(entry.snoozed_until_ms, zone.value, now.value)} · End</Button>
        ) : (
          <Select label={`Snooze: ${entry.headline}`} value="" options={SNOOZE_ONE} onChange={(until) => until !== "" && void alerts.snooze(entry.id, until)} />
        )}
        <IconButton icon="close" label={`Dismiss: ${entry.headline}`} onClick={() => void alerts.dismiss(entry.id)} />
      </div>
    </li>
  );
}

function Past({ entry }: { entry: AlertEntry }) {
  const { alerts } = useStore();
  const canComeBack = entry.status === "dismissed" && entry.until_ms > now.value;
  return (
    <li class="tv-alert tv-alert--past">
      <Text entry={entry} />
      <div class="tv-alert__actions">
        {canComeBack && (
          <Button kind="link" onClick={() => void alerts.wake(entry.id)}>
            Undo
          </Button>
        )}
        <Badge>{statusWords(entry)}</Badge>
      </div>
    </li>
  );
}

function Text({ entry }: { entry: AlertEntry }) {
  const { zone } = useStore();
  return (
    <div class="tv-alert__text">
      <div class="tv-alert__headline">{entry.headline}</div>
      <div class="tv-alert__detail">
        {entry.detail} <span title={formatDateTime(entry.time_ms, zone.value, now.value)}>{`Told ${formatMoment(entry.time_ms, zone.value, now.value)} (${kindWords(entry)}).`}</span>
      </div>
    </div>
  );
}

/** Opens what the alert is about: the provider's page, or the budgets. */
function Where({ entry, onClose }: { entry: AlertEntry; onClose: () => void }) {
  const { router, overlays } = useStore();
  const where = whereOf(entry);
  const go = () => {
    onClose();
    if (where === "budgets") overlays.openSettings("alerts");
    else router.go({ name: "provider", id: where });
  };
  return (
    <Button kind="link" onClick={go}>
      Open <span class="td-hidden">{entry.headline}</span>
    </Button>
  );
}

function Foot({ data, onClose }: { data: Alerts | null; onClose: () => void }) {
  const { alerts, overlays } = useStore();
  const settings = () => {
    onClose();
    overlays.openSettings("alerts");
  };
  return (
    <>
      <Button kind="quiet" icon="settings" class="tv-alerts__settings" onClick={settings}>
        Settings
      </Button>
      {data !== null && data.all_snoozed_until_ms === null && (
        <Select label="Silence all" value="" options={SNOOZE_ALL} onChange={(until) => until !== "" && void alerts.snooze(null, until)} />
      )}
      <Button disabled={(data?.current.length ?? 0) === 0} onClick={() => void alerts.dismiss(null)}>
        Dismiss all
      </Button>
    </>
  );
}
