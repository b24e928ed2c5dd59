/** What jsdom lacks and the page uses, for every test. */
import { cleanup } from "@testing-library/preact";
import { afterEach, beforeEach, vi } from "vitest";

// jsdom draws nothing: a canvas without a context is what Chart.js takes as "not there".
HTMLCanvasElement.prototype.getContext = () => null;

const dialog = HTMLDialogElement.prototype;
if (typeof dialog.showModal !== "function") {
  dialog.showModal = function showModal() {
    this.open = true;
  };
  dialog.close = function close() {
    this.open = false;
  };
}

beforeEach(() => {
  location.hash = "";
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});
