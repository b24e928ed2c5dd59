import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { installKeyboard, registerShortcut } from "../lib/keyboard";
import { Dialog } from "./Dialog";

let stop: () => void;

beforeEach(() => {
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
  stop = installKeyboard();
});

afterEach(() => {
  cleanup();
  stop();
});

const page = (open: boolean, onClose: () => void) => (
  <div>
    <button type="button">Opener</button>
    <Dialog open={open} title="Remove this home?" onClose={onClose} footer={<button type="button">Cancel</button>}>
      <p>Its files stay.</p>
    </Dialog>
  </div>
);

describe("Dialog", () => {
  it("is modal, named, and gives the focus back", () => {
    const { rerender } = render(page(false, () => undefined));
    expect(screen.queryByRole("dialog")).toBeNull();
    screen.getByText("Opener").focus();
    rerender(page(true, () => undefined));
    expect(screen.getByRole<HTMLDialogElement>("dialog", { name: "Remove this home?" }).open).toBe(true);
    screen.getByText("Cancel").focus();
    rerender(page(false, () => undefined));
    expect(document.activeElement).toBe(screen.getByText("Opener"));
  });

  it("asks to close on Escape, the cross, cancel and a click beside it, and stays until its owner agrees", () => {
    const onClose = vi.fn();
    render(page(true, onClose));
    const dialog = screen.getByRole("dialog");
    fireEvent.keyDown(screen.getByText("Cancel"), { key: "Escape" });
    fireEvent.click(screen.getByRole("button", { name: "Close" }));
    fireEvent(dialog, new Event("cancel", { cancelable: true }));
    fireEvent.pointerDown(dialog);
    fireEvent.click(dialog);
    expect(onClose).toHaveBeenCalledTimes(4);
    expect(screen.getByRole("dialog")).toBeTruthy();
  });

  it("does not close by a press that began inside, nor by clicks inside", () => {
    const onClose = vi.fn();
    render(page(true, onClose));
    fireEvent.pointerDown(screen.getByText("Its files stay."));
    fireEvent.click(screen.getByRole("dialog"));
    fireEvent.click(screen.getByText("Its files stay."));
    expect(onClose).not.toHaveBeenCalled();
  });

  it("holds page shortcuts back and takes only its own Escape", () => {
    const run = vi.fn();
    const remove = registerShortcut({ keys: "Mod+1", label: "Overview", run });
    const { unmount } = render(page(true, () => undefined));
    fireEvent.keyDown(document.body, { key: "1", ctrlKey: true });
    expect(run).not.toHaveBeenCalled();
    unmount();
    fireEvent.keyDown(document.body, { key: "1", ctrlKey: true });
    expect(run).toHaveBeenCalledTimes(1);
    remove();
  });
});
