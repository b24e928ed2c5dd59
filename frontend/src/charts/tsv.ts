import type { ChartTable } from "./spec";

/** A table as tab-separated text for a spreadsheet; cells that could run as a formula there are quoted as text. */
export function tableToTsv(table: ChartTable): string {
  const lines = [table.columns, ...table.rows, ...(table.total ? [table.total] : [])];
  return lines.map((cells) => cells.map(cell).join("\t")).join("\n");
}

function cell(text: string): string {
  const flat = text.replace(/[\t\r\n]+/g, " ");
  return /^[=@+]|^-(?![\d\p{Sc}])/u.test(flat) ? `'${flat}` : flat;
}
