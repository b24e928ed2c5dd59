import { useState } from "preact/hooks";
import { TableHead } from "./TableHead";
import { TableRow, TotalRow } from "./TableRow";
import { flattenRows, nextSort, sortRows } from "./tableRows";
import type { Column, SortState } from "./tableTypes";
import "./Table.css";
import "./TableTree.css";

export type { Column, SortState } from "./tableTypes";

export interface TableProps<Row> {
  /** What the table holds, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The order, where its owner keeps it (as for pages of the backend). */
  sort?: SortState | null;
  onSort?: (sort: SortState) => void;
  /** The first order, where the table keeps it itself. */
  defaultSort?: SortState | null;
  /** Rows come in order already; a click on a header only tells. */
  sortedElsewhere?: boolean;
  /** Rows that a caret unfolds under a row. */
  childrenOf?: (row: Row) => readonly Row[];
  /** Keys of rows that are unfolded at first. */
  defaultOpen?: readonly string[];
  /** Told which rows are unfolded, after a change. */
  onOpen?: (keys: readonly string[]) => void;
  /** Click or Enter on a row; buttons and links inside keep their own work. */
  onRow?: (row: Row) => void;
  rowClass?: (row: Row) => string | undefined;
  /** The totals row, drawn by the same columns. */
  total?: Row | null;
  /** Shown where there is no row. */
  empty?: string;
  /** Scrolls inside itself from this height on, with its header staying. A CSS length. */
  maxHeight?: string;
  dense?: boolean;
}

/** Typed columns over rows: sorting, unfolding, row activation, bars in cells, totals; scrolls inside itself only. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, childrenOf, onRow, rowClass, total, empty = "Nothing to show.", maxHeight, dense } = props;
  const [ownSort, setOwnSort] = useState<SortState | null>(props.defaultSort ?? null);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(props.defaultOpen));
  const sort = props.sort === undefined ? ownSort : props.sort;
  const sortColumn = columns.find((column) => column.key === sort?.key);

  const shown = flattenRows({
    rows,
    keyOf: rowKey,
    childrenOf,
    isOpen: (key) => open.has(key),
    order: (list) => (props.sortedElsewhere ? list : sortRows(list, sortColumn, sort?.descending ?? false)),
  });
  const chooseSort = (column: Column<Row>) => {
    const next = nextSort(sort, column);
    setOwnSort(next);
    props.onSort?.(next);
  };
  const toggle = (key: string) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
    props.onOpen?.([...next]);
  };

  return (
    <div class="td-table-scroll" style={maxHeight ? { maxHeight, overflowY: "auto" } : undefined}>
      <table class={dense ? "td-table td-table--dense" : "td-table"} aria-label={label}>
        <TableHead columns={columns} sort={sort} onSort={chooseSort} hasCarets={childrenOf !== undefined} />
        <tbody>
          {shown.map((item) => (
            <TableRow
              key={item.key}
              item={item}
              columns={columns}
              hasCarets={childrenOf !== undefined}
              onToggle={toggle}
              onRow={onRow}
              extraClass={rowClass?.(item.row)}
            />
          ))}
          {shown.length === 0 && (
            <tr>
              <td class="td-table__empty" colSpan={columns.length}>
                {empty}
              </td>
            </tr>
          )}
        </tbody>
        {total && shown.length > 0 && (
          <tfoot>
            <TotalRow row={total} columns={columns} hasCarets={childrenOf !== undefined} />
          </tfoot>
        )}
      </table>
    </div>
  );
}
