/** The lines that were refused: why, how many, and where the first of them stands. */
import { useEffect, useState } from "preact/hooks";
import type { RefusedAt, RefusedLine } from "../../api/types";
import { toApiError } from "../../api/client";
import { Button, CopyButton, Ellipsis, EmptyState, Table, type Column } from "../../components";
import { exactTokens, formatCount } from "../../lib/format";
import { useStore } from "../../state/context";

export interface RefusedLinesProps {
  lines: readonly RefusedLine[];
  total: number;
}

type Places = ReadonlyMap<string, RefusedAt>;
const keyOf = ({ path, reason }: { path: string; reason: string }): string => `${path} ${reason}`;

/** The part of the refused lines; line numbers are counted in the files when it is shown. */
export function RefusedLines({ lines, total }: RefusedLinesProps) {
  const { transport, notify } = useStore();
  const [places, setPlaces] = useState<Places>(new Map());
  const locate = (path: string | null) =>
    transport.invoke("diagnostics.lines", { path }).then(
      (answer) => setPlaces((known) => new Map([...known, ...answer.lines.map((place): [string, RefusedAt] => [keyOf(place), place])])),
      (thrown: unknown) => notify(toApiError(thrown).message, "error"),
    );
  useEffect(() => void (lines.length > 0 && locate(null)), [lines]);
  return (
    <section class="tv-part">
      <div class="tv-part__head">
        <h3>Refused lines</h3>
        <span class="tv-sub">{formatCount(total, "line")}, never counted, never guessed</span>
      </div>
      {lines.length === 0 ? (
        <EmptyState compact title="Every line was understood" />
      ) : (
        <Table label="Refused lines" dense columns={columns(places, (path) => void locate(path))} rows={lines} rowKey={keyOf} maxHeight="300px" />
      )}
    </section>
  );
}

function columns(places: Places, locate: (path: string) => void): Column<RefusedLine>[] {
  return [
    { key: "label", header: "Reason", cell: (line) => line.label, sortValue: (line) => line.label },
    { key: "count", header: "Lines", align: "right", cell: (line) => exactTokens(line.count), sortValue: (line) => line.count },
    {
      key: "line",
      header: "First at line",
      align: "right",
      cell: (line) => <PlaceCell place={places.get(keyOf(line))} onLocate={() => locate(line.path)} />,
      title: (line) => places.get(keyOf(line))?.problem ?? `byte ${exactTokens(line.first_offset)}`,
      sortValue: (line) => places.get(keyOf(line))?.line ?? null,
    },
    { key: "path", header: "File", maxWidth: "300px", cell: (line) => <PathCell path={line.path} />, sortValue: (line) => line.path },
  ];
}

function PlaceCell({ place, onLocate }: { place: RefusedAt | undefined; onLocate: () => void }) {
  if (place === undefined) return <>–</>;
  if (place.line !== null) return <>{exactTokens(place.line)}</>;
  if (place.problem !== null) return <>{place.problem === "the file has changed since" ? "changed" : "unknown"}</>;
  return (
    <Button kind="link" title="Count the lines of this large file" onClick={onLocate}>
      Find
    </Button>
  );
}

function PathCell({ path }: { path: string }) {
  return (
    <span class="tv-files__path">
      <Ellipsis text={path} keep="end" mono />
      <CopyButton text={path} label="Copy path" />
    </span>
  );
}
