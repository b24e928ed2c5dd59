import { afterEach, describe, expect, it } from "vitest";
import { focusables, trapTab } from "./focus";

function make(html: (box: HTMLElement) => void): HTMLElement {
  const box = document.createElement("div");
  document.body.append(box);
  html(box);
  return box;
}

function button(box: HTMLElement, name: string, disabled = false): HTMLButtonElement {
  const made = document.createElement("button");
  made.textContent = name;
  made.disabled = disabled;
  box.append(made);
  return made;
}

afterEach(() => document.body.replaceChildren());

describe("trapTab", () => {
  it("goes from the last to the first and back, past what is disabled", () => {
    const box = make((root) => {
      button(root, "first");
      button(root, "middle");
      button(root, "last");
      button(root, "disabled", true);
    });
    const [first, middle, last] = focusables(box);
    expect(focusables(box)).toHaveLength(3);
    const tab = (shiftKey: boolean) => {
      const event = new KeyboardEvent("keydown", { key: "Tab", shiftKey, cancelable: true });
      trapTab(event, box);
      return event.defaultPrevented;
    };
    last?.focus();
    expect([tab(false), document.activeElement === first]).toEqual([true, true]);
    expect([tab(true), document.activeElement === last]).toEqual([true, true]);
    middle?.focus();
    expect([tab(false), tab(true)]).toEqual([false, false]);
  });
  it("stays where nothing can be reached", () => {
    const event = new KeyboardEvent("keydown", { key: "Tab", cancelable: true });
    trapTab(event, make(() => undefined));
    expect(event.defaultPrevented).toBe(true);
  });
});
