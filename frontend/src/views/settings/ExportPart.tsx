/** Export of responses, sessions and daily totals, and a report that can be printed. */
import { useState } from "preact/hooks";
import type { ExportFormat, ExportKind, Filter } from "../../api/types";
import { Button, Segmented } from "../../components";
import { useStore } from "../../state/context";
import { RANGES } from "../../state/filters";

const KINDS: readonly { value: ExportKind; label: string }[] = [
  { value: "days", label: "Daily totals" },
  { value: "sessions", label: "Sessions" },
  { value: "events", label: "Responses" },
];
const FORMATS: readonly { value: ExportFormat; label: string }[] = [
  { value: "csv", label: "CSV" },
  { value: "json", label: "JSON" },
];
type Scope = "shown" | "all";

/** The part that writes what was used to a file. */
export function ExportPart() {
  const { filters, jobs, transport } = useStore();
  const [what, setWhat] = useState<ExportKind>("days");
  const [format, setFormat] = useState<ExportFormat>("csv");
  const [scope, setScope] = useState<Scope>("shown");
  const shown = filters.filter.value;
  const wanted: Filter | null = scope === "all" ? { range: "alltime" } : shown;
  const begin = async () => (wanted === null ? null : transport.invoke("export.start", { ...wanted, what, format }));
  const beginReport = async () => (wanted === null ? null : transport.invoke("reports.html", { ...wanted }));
  const held = jobs.running.value || wanted === null;
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Export</h3>
      </div>
      <div class="tv-export">
        <Segmented label="What" value={what} options={KINDS} onChange={setWhat} />
        <Segmented label="Of when" value={scope} options={[{ value: "shown", label: words(useShown(shown)) }, { value: "all", label: "Everything" }]} onChange={setScope} />
        <Segmented label="Format" value={format} options={FORMATS} onChange={setFormat} />
        <Button disabled={held} onClick={() => void jobs.start(begin)}>
          Export…
        </Button>
        <Button disabled={held} title="One file with cards, charts and tables, to print or to keep" onClick={() => void jobs.start(beginReport)}>
          Printable report…
        </Button>
      </div>
      <p class="tv-sub">Costs are exact. Models without a price are named and have no cost in the file. Text that a spreadsheet would take for a formula is made harmless. In privacy mode the report has no titles, paths and projects.</p>
    </section>
  );
}

interface Shown {
  range: string;
  of: string | null;
}

/** What the page looks at, in words. */
function useShown(filter: Filter | null): Shown {
  const { app, provider } = useStore();
  const range = RANGES.find((each) => each.name === filter?.range);
  const days = filter?.range === "custom" ? `${filter.start} to ${filter.end}` : (range?.label ?? "Custom");
  const home = filter?.home == null ? null : app.value.homes.find((each) => each.id === filter.home);
  const name = filter?.provider == null ? null : provider(filter.provider)?.name;
  return { range: days, of: home?.label || (home ? "one home" : null) || name || null };
}

const words = ({ range, of }: Shown): string => (of === null ? range : `${range}, ${of}`);
