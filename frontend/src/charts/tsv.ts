import type { ChartTable } from "./spec";

/** A table as tab-separated text for a spreadsheet; cells that could run as a formula there are quoted as text. */
export function tableToTsv(table: ChartTable): string {
  const lines = [table.columns, ...table.rows, ...(table.total ? [table.total] : [])];
  return lines.map((cells) => cells.map(cell).join("\t")).join("\n");
}

/** A negative figure, such as `-$3.00` or `-1.2M`; anything else that begins with a minus could be a formula. */
const NEGATIVE = /^-\p{Sc}?\d[\d.,]*\s?[%A-Za-z\p{Sc}]*$/u;

function cell(text: string): string {
  const flat = text.replace(/[\t\r\n]+/g, " ").replace(/;(?=["']*[=+\-@＝＋－＠])/g, ";'");
  return /^[=+\-@＝＋－＠]/.test(flat) && !NEGATIVE.test(flat) ? `'${flat}` : flat;
}
