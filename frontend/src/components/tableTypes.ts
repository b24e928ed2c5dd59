import type { ComponentChildren } from "preact";

export interface SortState {
  /** Key of the column. */
  key: string;
  descending: boolean;
}

/** A column: how a row's cell looks, and how rows are ordered by it. */
export interface Column<Row> {
  key: string;
  header: string;
  /** Hover text of the header. */
  headerTitle?: string;
  align?: "left" | "right";
  cell: (row: Row) => ComponentChildren;
  /** Hover text of the cell, such as the exact figure. */
  title?: (row: Row) => string | undefined;
  /** Makes the column sortable; nulls come last either way. */
  sortValue?: (row: Row) => number | string | null;
  /** Makes the column sortable where the backend does the ordering. */
  sortable?: boolean;
  /** 0 to 1: a thin bar under the figure. */
  bar?: (row: Row) => number | null;
  barColor?: (row: Row) => string;
  /** The widest a text column may be, as a CSS length; longer text is cut. */
  maxWidth?: string;
  /** Leaves the column out on narrow pages. */
  hideWhen?: "narrow" | "tiny";
}

/** A row as it is shown: how deep it lies and whether it can be opened. */
export interface ShownRow<Row> {
  row: Row;
  key: string;
  depth: number;
  /** null where the row has no children. */
  expanded: boolean | null;
}
