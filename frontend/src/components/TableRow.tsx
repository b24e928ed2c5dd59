import type { ComponentChildren } from "preact";
import { Icon } from "./Icon";
import type { Column, ShownRow } from "./tableTypes";

/** Rows below this depth stand no further to the right: a long chain must stay in view. */
const DEEPEST = 8;

interface TableRowProps<Row> {
  item: ShownRow<Row>;
  columns: readonly Column<Row>[];
  hasCarets: boolean;
  onToggle: (key: string) => void;
  onRow: ((row: Row) => void) | undefined;
  extraClass: string | undefined;
}

/** One row. It can be activated as a whole without being a button, so that buttons inside it work by keyboard too. */
export function TableRow<Row>({ item, columns, hasCarets, onToggle, onRow, extraClass }: TableRowProps<Row>) {
  const { row, key, depth, expanded } = item;
  const activate = onRow ? () => onRow(row) : expanded !== null ? () => onToggle(key) : undefined;
  const classes = ["td-table__row", depth > 0 && "td-table__row--child", activate && "td-table__row--active", extraClass];
  return (
    <tr
      class={classes.filter(Boolean).join(" ")}
      tabIndex={onRow ? 0 : undefined}
      onClick={(event) => {
        if (activate && !isControl(event.target, event.currentTarget) && !textIsSelected()) activate();
      }}
      onKeyDown={(event) => handleRowKey(event, event.currentTarget, activate)}
    >
      {columns.map((column, index) => (
        <Cell key={column.key} column={column} row={row}>
          {index === 0 && hasCarets ? (
            <div class="td-table__tree" style={{ "--depth": String(Math.min(depth, DEEPEST)) }}>
              <Caret expanded={expanded} onToggle={() => onToggle(key)} />
              <div class="td-table__tree-cell">{column.cell(row)}</div>
            </div>
          ) : (
            column.cell(row)
          )}
        </Cell>
      ))}
    </tr>
  );
}

/** The totals row: the same cells without bars and carets. */
export function TotalRow<Row>({ row, columns, hasCarets }: { row: Row; columns: readonly Column<Row>[]; hasCarets: boolean }) {
  return (
    <tr class="td-table__total">
      {columns.map((column, index) => (
        <td key={column.key} class={columnClass(column)} title={column.title?.(row)}>
          {index === 0 && hasCarets ? <div class="td-table__tree"><Caret expanded={null} />{column.cell(row)}</div> : column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** Classes of a column's cells. */
export function columnClass<Row>(column: Column<Row>): string {
  const parts = ["td-table__cell", column.align === "right" && "td-table__cell--right", column.hideWhen && `td-table__cell--hide-${column.hideWhen}`];
  return parts.filter(Boolean).join(" ");
}

function Cell<Row>({ column, row, children }: { column: Column<Row>; row: Row; children: ComponentChildren }) {
  const share = column.bar?.(row) ?? null;
  const style = column.maxWidth ? { maxWidth: column.maxWidth } : undefined;
  return (
    <td class={columnClass(column)} title={column.title?.(row)} style={style}>
      {children}
      {share !== null && (
        <span
          class="td-table__bar"
          aria-hidden="true"
          style={{ width: `${Math.min(1, Math.max(0, share)) * 72}px`, backgroundColor: column.barColor?.(row) }}
        />
      )}
    </td>
  );
}

function Caret({ expanded, onToggle }: { expanded: boolean | null; onToggle?: () => void }) {
  if (expanded === null || !onToggle) return <span class="td-table__caret" />;
  return (
    <button type="button" class="td-table__caret" aria-expanded={expanded} aria-label={expanded ? "Fold" : "Unfold"} onClick={onToggle}>
      <Icon name="chevron" size={11} class={expanded ? "td-table__caret-icon td-table__caret-icon--open" : "td-table__caret-icon"} />
    </button>
  );
}

/** Enter activates a row that has the focus itself; the arrows go to the rows beside it. */
function handleRowKey(event: KeyboardEvent, row: HTMLElement, activate: (() => void) | undefined): void {
  if (event.target !== row) return;
  if (event.key === "Enter" && activate) {
    event.preventDefault();
    activate();
    return;
  }
  const next = event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : null;
  if (next instanceof HTMLElement && next.tabIndex >= 0) {
    event.preventDefault();
    next.focus();
  }
}

function isControl(target: EventTarget | null, row: HTMLElement): boolean {
  const control = target instanceof Element ? target.closest("button, a, input, select, textarea, label") : null;
  return control !== null && row.contains(control);
}

function textIsSelected(): boolean {
  return (getSelection()?.toString() ?? "") !== "";
}
