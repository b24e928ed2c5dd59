import type { ChartTable } from "../charts/spec";
import { copyText } from "../lib/clipboard";
import { tableToTsv } from "../charts/tsv";
import { Button } from "./Button";
import { Ellipsis } from "./Ellipsis";
import { IconButton } from "./IconButton";
import { showToast } from "./toaster";
import "./DataTable.css";
import "./Table.css";

export interface DataTableToggleProps {
  /** True while the table is shown instead of the chart. */
  pressed: boolean;
  onChange: (pressed: boolean) => void;
}

/** The button that turns a chart into its table and back. */
export function DataTableToggle({ pressed, onChange }: DataTableToggleProps) {
  return (
    <IconButton
      icon={pressed ? "chart" : "table"}
      label={pressed ? "Show as chart" : "Show as table"}
      size="small"
      onClick={() => onChange(!pressed)}
    />
  );
}

export interface DataTableProps {
  label: string;
  table: ChartTable;
  /** A CSS length; it scrolls inside itself from there on. */
  maxHeight?: string;
}

/** The numbers of a chart as a table, to be read and copied. */
export function DataTable({ label, table, maxHeight = "320px" }: DataTableProps) {
  const copy = async () => {
    const done = await copyText(tableToTsv(table));
    showToast(done ? "Table copied." : "The table could not be copied.", done ? "ok" : "error");
  };
  return (
    <div class="td-data-table">
      <div class="td-table-scroll" style={{ maxHeight, overflowY: "auto" }} tabIndex={0} role="region" aria-label={label}>
        <table class="td-table td-table--dense" aria-label={label}>
          <thead>
            <tr>
              {table.columns.map((column, index) => (
                <th key={index} scope="col" class={cellClass(index)}>
                  <Ellipsis text={column} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, rowIndex) => (
              <tr key={rowIndex}>
                {row.map((cell, index) => (
                  <td key={index} class={cellClass(index)}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
          {table.total && (
            <tfoot>
              <tr class="td-table__total">
                {table.total.map((cell, index) => (
                  <td key={index} class={cellClass(index)}>
                    {cell}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </div>
      <div class="td-data-table__foot">
        <Button icon="copy" kind="quiet" onClick={() => void copy()}>
          Copy table
        </Button>
      </div>
    </div>
  );
}

function cellClass(index: number): string {
  return index === 0 ? "td-table__cell" : "td-table__cell td-table__cell--right td-data-table__figure";
}
