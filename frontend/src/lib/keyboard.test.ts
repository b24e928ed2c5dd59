import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { formatKeys, installKeyboard, isMac, isTyping, listShortcuts, pushEscape, registerShortcut, registerShortcuts } from "./keyboard";
import { parseKeys, pressMatches } from "./keys";

let stop: () => void;
const undo: (() => void)[] = [];

beforeEach(() => {
  stop = installKeyboard();
});

afterEach(() => {
  stop();
  undo.splice(0).forEach((each) => each());
  document.body.replaceChildren();
});

function press(key: string, init: KeyboardEventInit = {}, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

function add(keys: string, inDialogs = false) {
  const run = vi.fn();
  undo.push(registerShortcut({ keys, label: keys, run, inDialogs }));
  return run;
}

function put<Name extends keyof HTMLElementTagNameMap>(name: Name): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  document.body.append(element);
  return element;
}

describe("shortcuts", () => {
  it.each([{ ctrlKey: true }, { metaKey: true }])("runs on Cmd and on Ctrl %o and keeps the browser from it", (modifier) => {
    const run = add("Mod+R");
    expect(press("r", modifier).defaultPrevented).toBe(true);
    expect(run).toHaveBeenCalledTimes(1);
  });
  it("runs on none of the keys around it", () => {
    const run = add("Mod+R");
    press("r");
    press("r", { ctrlKey: true, altKey: true });
    press("r", { ctrlKey: true, shiftKey: true });
    press("t", { ctrlKey: true });
    expect(run).not.toHaveBeenCalled();
  });
  it("finds letters and digits by place on other layouts", () => {
    const [refresh, first] = [add("Mod+R"), add("Mod+1")];
    press("к", { code: "KeyR", ctrlKey: true });
    press("&", { code: "Digit1", ctrlKey: true });
    expect([refresh.mock.calls.length, first.mock.calls.length]).toEqual([1, 1]);
  });
  it("does not take a Dvorak letter for the one printed on the key", () => {
    const run = add("Mod+R");
    press("p", { code: "KeyR", ctrlKey: true });
    expect(run).not.toHaveBeenCalled();
  });
  it("takes ? with and without Shift, and Mod+comma", () => {
    const [help, settings] = [add("?"), add("Mod+,")];
    press("?", { shiftKey: true });
    press("?");
    press(",", { metaKey: true });
    expect([help.mock.calls.length, settings.mock.calls.length]).toEqual([2, 1]);
  });
  it("does not run again while the key is held, nor during composition", () => {
    const run = add("Mod+R");
    expect(press("r", { ctrlKey: true, repeat: true }).defaultPrevented).toBe(true);
    press("r", { ctrlKey: true, isComposing: true });
    expect(run).not.toHaveBeenCalled();
  });
  it.each(["input", "textarea", "select"] as const)("does not run while the user types in %s, but still never reloads", (name) => {
    const [refresh, help] = [add("Mod+R"), add("?")];
    const box = put(name);
    expect(press("r", { ctrlKey: true }, box).defaultPrevented).toBe(true);
    expect(press("l", { metaKey: true }, box).defaultPrevented).toBe(true);
    expect(press("?", {}, box).defaultPrevented).toBe(false);
    expect([refresh.mock.calls.length, help.mock.calls.length]).toEqual([0, 0]);
  });
  it("runs from a checkbox, not from editable text", () => {
    const box = put("input");
    box.type = "checkbox";
    const text = put("div");
    text.setAttribute("contenteditable", "true");
    expect([isTyping(box), isTyping(text), isTyping(null)]).toEqual([false, true, false]);
  });
  it.each([["P", { ctrlKey: true, shiftKey: true }], ["F5", {}], ["F5", { ctrlKey: true }], ["F5", { shiftKey: true }], ["R", { ctrlKey: true, shiftKey: true }], ["r", { ctrlKey: true, isComposing: true }]])("never reloads or prints by %s %o", (key, modifiers) => {
    expect(press(key, modifiers).defaultPrevented).toBe(true);
    expect(press(key, modifiers, put("input")).defaultPrevented).toBe(true);
  });
  it("runs on F5 as on any key, and leaves a hidden one out of the list", () => {
    const run = vi.fn();
    undo.push(registerShortcut({ keys: "F5", label: "Refresh", hidden: true, run }));
    press("F5");
    press("F5", {}, put("input"));
    expect(run).toHaveBeenCalledTimes(1);
    expect(listShortcuts()).toEqual([]);
  });
  it("keeps Mod+R and Mod+L from the browser even where nothing is registered", () => {
    expect([press("r", { ctrlKey: true }), press("l", { metaKey: true }), press("k", { metaKey: true })].map((event) => event.defaultPrevented)).toEqual([true, true, false]);
  });
  it("lists what works now, in order, with the last one added winning", () => {
    const first = add("Mod+R");
    const second = vi.fn();
    undo.push(registerShortcuts([{ keys: "Mod+R", label: "again", run: second, group: "Page" }]));
    press("r", { ctrlKey: true });
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    expect(listShortcuts()).toEqual([{ keys: "Mod+R", label: "Mod+R", group: "General" }, { keys: "Mod+R", label: "again", group: "Page" }]);
  });
});

describe("Escape", () => {
  it("closes what is on top, one at a time, also while typing", () => {
    const closed: string[] = [];
    const popLow = pushEscape(() => closed.push("low"));
    const popHigh = pushEscape(() => closed.push("high"), { modal: true });
    const box = put("input");
    expect(press("Escape", {}, box).defaultPrevented).toBe(true);
    popHigh();
    press("Escape");
    popLow();
    expect(press("Escape").defaultPrevented).toBe(false);
    expect(closed).toEqual(["high", "low"]);
  });
  it("holds page shortcuts back while a modal layer is open", () => {
    const [page, everywhere] = [add("Mod+1"), add("Mod+R", true)];
    undo.push(pushEscape(() => undefined, { modal: true }));
    press("1", { ctrlKey: true });
    press("r", { ctrlKey: true });
    expect([page.mock.calls.length, everywhere.mock.calls.length]).toEqual([0, 1]);
  });
});

describe("names of keys", () => {
  it("names them for the machine", () => {
    expect(formatKeys("Mod+R", true)).toEqual(["⌘", "R"]);
    expect(formatKeys("Mod+Shift+,", false)).toEqual(["Ctrl", "Shift", ","]);
    expect([formatKeys("Escape"), formatKeys("?"), formatKeys("F1")]).toEqual([["Esc"], ["?"], ["F1"]]);
    expect([isMac("MacIntel"), isMac("Win32")]).toEqual([true, false]);
  });
  it("matches presses by their parts", () => {
    const chord = parseKeys("Mod+Alt+K");
    expect(chord).toEqual({ key: "k", mod: true, shift: false, alt: true });
    expect(pressMatches({ key: "K", code: "KeyK", ctrlKey: true, metaKey: false, altKey: true, shiftKey: false }, chord)).toBe(true);
  });
});
