/** What jsdom lacks and the page uses, for every test. */
import { cleanup } from "@testing-library/preact";
import { afterAll, afterEach, beforeEach, vi } from "vitest";

// jsdom has no canvas to draw on; what a chart draws is tested as its specification.
vi.mock("../src/charts/engine", () => ({
  drawChart: () => ({ show: () => undefined, point: () => undefined, indexAt: () => null, xOf: () => 0, destroy: () => undefined }),
}));

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

// Preact runs effects 35 ms late at most, by a timer that would find no page any more.
const EFFECTS_MS = 40;
afterAll(() => new Promise<void>((resolve) => setTimeout(resolve, EFFECTS_MS)));
