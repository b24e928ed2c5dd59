import type { Column, ShownRow, SortState } from "./tableTypes";

/** Rows in the order of a column; nulls last, equal rows as they came. The rows themselves are not changed. */
export function sortRows<Row>(rows: readonly Row[], column: Column<Row> | undefined, descending: boolean): readonly Row[] {
  const value = column?.sortValue;
  if (!value) return rows;
  return [...rows].sort((left, right) => compareValues(value(left), value(right), descending));
}

/** Orders two cell values; null is last whatever the direction. */
export function compareValues(left: number | string | null, right: number | string | null, descending: boolean): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  const order = typeof left === "number" && typeof right === "number" ? left - right : collator.compare(String(left), String(right));
  return descending ? -order : order;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** The order after a click on a header: a new column begins with its larger values for figures, A to Z for text. */
export function nextSort<Row>(current: SortState | null, column: Column<Row>): SortState {
  if (current?.key === column.key) return { key: column.key, descending: !current.descending };
  return { key: column.key, descending: column.align === "right" };
}

export interface RowTree<Row> {
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  childrenOf?: (row: Row) => readonly Row[];
  isOpen: (key: string) => boolean;
  order: (rows: readonly Row[]) => readonly Row[];
}

/** The key of a row that lies under another, as `defaultOpen` names it. */
export const keyUnder = (parent: string | null, key: string): string => (parent === null ? key : `${parent}\u0000${key}`);

/** The rows to show, from top to bottom: each open row is followed by its children, ordered the same way. */
export function flattenRows<Row>(tree: RowTree<Row>, parent: string | null = null, depth: number = 0): ShownRow<Row>[] {
  return tree.order(tree.rows).flatMap((row) => {
    const key = keyUnder(parent, tree.keyOf(row));
    const children = tree.childrenOf?.(row) ?? [];
    const expanded = children.length > 0 ? tree.isOpen(key) : null;
    const own: ShownRow<Row> = { row, key, depth, expanded };
    return expanded ? [own, ...flattenRows({ ...tree, rows: children }, key, depth + 1)] : [own];
  });
}
