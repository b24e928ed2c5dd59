const FOCUSABLE =
  "a[href], button, input:not([type='hidden']), select, textarea, summary, [contenteditable='true'], [tabindex]:not([tabindex='-1'])";

/** What Tab can reach inside an element, in order of the page. */
export function focusables(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => !element.matches(":disabled") && element.tabIndex >= 0 && !element.closest("[hidden], [inert]") && isShown(element),
  );
}

/** Keeps Tab inside an element: after the last comes the first. To be called on keydown. */
export function trapTab(event: KeyboardEvent, root: HTMLElement): void {
  if (event.key !== "Tab" || event.altKey || event.ctrlKey || event.metaKey) return;
  const inside = focusables(root);
  const [first, last] = [inside[0], inside[inside.length - 1]];
  if (!first || !last) {
    event.preventDefault();
    return;
  }
  const active = document.activeElement;
  const outside = active === root || !root.contains(active);
  if (!event.shiftKey && (active === last || !root.contains(active))) move(event, first);
  else if (event.shiftKey && (active === first || outside)) move(event, last);
}

function move(event: KeyboardEvent, target: HTMLElement): void {
  event.preventDefault();
  target.focus();
}

/** Hidden elements have no boxes; where nothing is laid out (tests) all count as shown. */
function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0 || document.documentElement.getClientRects().length === 0;
}
