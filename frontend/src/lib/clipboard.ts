/**
 * Puts text on the clipboard; false where the system refuses.
 *
 * Copying a selection needs no permission. The clipboard of the page does, and the window's web view leaves the question
 * unanswered for ever, so it comes second.
 */
export async function copyText(text: string): Promise<boolean> {
  if (copyBySelection(text)) return true;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  box.className = "td-hidden";
  (before?.closest("dialog") ?? document.body).append(box);
  box.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } catch {
    copied = false;
  }
  box.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
