import { columnClass } from "./TableRow";
import type { Column, SortState } from "./tableTypes";

interface TableHeadProps<Row> {
  columns: readonly Column<Row>[];
  sort: SortState | null;
  onSort: (column: Column<Row>) => void;
  /** Leaves room before the first name for the carets under it. */
  hasCarets: boolean;
}

/** The header row; sortable columns are buttons and say how they are sorted. */
export function TableHead<Row>({ columns, sort, onSort, hasCarets }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column, index) => {
          const sortable = column.sortValue !== undefined || column.sortable === true;
          const sorted = sort?.key === column.key ? (sort.descending ? "descending" : "ascending") : "none";
          return (
            <th key={column.key} scope="col" class={hasCarets && index === 0 ? `${columnClass(column)} td-table__cell--tree` : columnClass(column)} aria-sort={sortable ? sorted : undefined} title={column.headerTitle}>
              {sortable ? (
                <button type="button" class="td-table__sort" onClick={() => onSort(column)}>
                  {column.header}
                  <span class={`td-table__arrow td-table__arrow--${sorted}`} aria-hidden="true" />
                </button>
              ) : (
                column.header
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
