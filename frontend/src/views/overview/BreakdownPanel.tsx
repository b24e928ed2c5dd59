/** Who used what: by model (unfolding to efforts), effort, project, provider or originator. */
import type { Breakdown, BreakdownRow, Dimension } from "../../api/types";
import { EmptyState, Segmented, Select, Skeleton, Table } from "../../components";
import { useStore } from "../../state/context";
import { dimensionOf, DIMENSIONS } from "../../state/filters";
import { useMedia } from "../frame/useMedia";
import { Panel } from "../shared/panel";
import { useBreakdownColumns } from "./breakdownColumns";
import { dimensionLabel, dimensionPlural } from "./words";

/** So many unfolded rows are remembered, the newest. */
const MOST_OPEN = 100;
const LONGEST_KEPT = 1000;

/** The breakdown of the range. */
export function BreakdownPanel() {
  const { prefs } = useStore();
  const by = dimensionOf(prefs.settings.value.breakdown);
  const wide = useMedia("(min-width: 700px)");
  const choose = (value: Dimension) => prefs.change({ breakdown: value });
  const choices = DIMENSIONS.map((value) => ({ value, label: dimensionLabel(value) }));
  return (
    <Panel
      name="breakdown"
      title={dimensionPlural(by)}
      actions={
        wide ? (
          <Segmented label="Group by" size="small" value={by} options={choices} onChange={choose} />
        ) : (
          <Select label="Group by" value={by} options={choices} onChange={choose} />
        )
      }
      skeleton={<Skeleton shape="table" rows={6} />}
    >
      {(breakdown) => <Body breakdown={breakdown} />}
    </Panel>
  );
}

function Body({ breakdown }: { breakdown: Breakdown }) {
  const { prefs } = useStore();
  const columns = useBreakdownColumns(breakdown);
  if (breakdown.rows.length === 0) {
    return (
      <EmptyState compact title={`No ${breakdown.by} in this range`}>
        Rows appear here with the first response in the chosen range.
      </EmptyState>
    );
  }
  return (
    <Table
      label={dimensionPlural(breakdown.by)}
      columns={columns}
      rows={breakdown.rows}
      rowKey={(row) => row.key}
      defaultSort={{ key: "tokens", descending: true }}
      childrenOf={breakdown.rows.some((row) => effortsOf(row).length > 0) ? effortsOf : undefined}
      defaultOpen={prefs.settings.peek().breakdown_open}
      onOpen={(keys) => prefs.change({ breakdown_open: keys.filter((key) => key.length <= LONGEST_KEPT).slice(-MOST_OPEN) })}
      total={breakdown.total}
      maxHeight="560px"
    />
  );
}

/** The efforts of a model; none where not one is known, since one row "unknown" would only repeat the model's. */
function effortsOf({ children }: BreakdownRow): readonly BreakdownRow[] {
  return children.some((child) => child.key !== "") ? children : [];
}
