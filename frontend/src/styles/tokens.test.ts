import { describe, expect, it } from "vitest";

/** Vitest empties imported style sheets, so the file is read from the disk. */
declare const process: { getBuiltinModule(name: "node:fs"): { readFileSync(path: string, encoding: "utf8"): string } };

const css = process.getBuiltinModule("node:fs").readFileSync("src/styles/tokens.css", "utf8");

type Tokens = Record<string, string>;

const LIGHT = read(":root {");
const DARK = read(':root[data-theme="dark"] {');
const FOLLOWED = read(':root:not([data-theme="light"], [data-theme="dark"]) {');

function read(selector: string): Tokens {
  const start = css.indexOf(selector);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

function linear(color: string): number[] {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
}

function contrast(one: string, other: string): number {
  const light = (color: string) => linear(color).reduce((sum, part, index) => sum + part * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const [low = 0, high = 0] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Machado 2009 at full strength: how the three kinds of colour-blind readers see. */
const SIGHTS: number[][] = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
];

function product(matrix: number[], vector: number[]): number[] {
  return [0, 3, 6].map((row) => vector.reduce((sum, part, index) => sum + part * (matrix[row + index] ?? 0), 0));
}

/** OKLab of a colour as one kind of reader sees it. */
function seen(color: string, sight: number[]): number[] {
  const rgb = product(sight, linear(color)).map((part) => Math.min(1, Math.max(0, part)));
  const cones = product([0.41222, 0.53633, 0.05145, 0.2119, 0.6807, 0.1074, 0.0883, 0.28172, 0.62998], rgb).map(Math.cbrt);
  return product([0.21045, 0.79362, -0.00407, 1.978, -2.42859, 0.45059, 0.0259, 0.78277, -0.80868], cones);
}

const themes: [string, Tokens][] = [["light", LIGHT], ["dark", { ...LIGHT, ...DARK }]];

describe("the dark colours", () => {
  it("are the same whether chosen or followed", () => {
    expect(Object.keys(DARK).length).toBeGreaterThan(30);
    expect(FOLLOWED).toEqual(DARK);
  });
});

describe.each(themes)("%s", (_, tokens) => {
  const of = (name: string) => tokens[name] ?? "#000000";

  it.each(["--ink", "--ink-2", "--ink-3", "--accent", "--ok", "--warn", "--bad"])("%s can be read on every ground", (name) => {
    for (const ground of ["--bg", "--panel", "--hover"]) expect(contrast(of(name), of(ground))).toBeGreaterThanOrEqual(4.5);
  });
  it("can be read on buttons of the accent colour", () => expect(contrast(of("--on-accent"), of("--accent"))).toBeGreaterThanOrEqual(4.5));
  it("shows bars on the panel and on their track", () => {
    for (const name of ["--ok-fill", "--warn-fill", "--bad-fill"]) expect(contrast(of(name), of("--track"))).toBeGreaterThanOrEqual(2.3);
  });
  it("has eight colours that every reader tells apart, and none is lost on the panel", () => {
    const colors = [1, 2, 3, 4, 5, 6, 7, 8].map((slot) => of(`--cat-${slot}`));
    for (const color of colors) expect(contrast(color, of("--panel"))).toBeGreaterThanOrEqual(2.1);
    for (const sight of SIGHTS) {
      const points = colors.map((color) => seen(color, sight));
      const gaps = points.flatMap((one, index) => points.slice(index + 1).map((other) => Math.hypot(...one.map((part, axis) => part - (other[axis] ?? 0)))));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.06);
    }
  });
});

describe("sizes", () => {
  it("has no text under 11 px", () => {
    const sizes = Object.entries(LIGHT).filter(([name]) => name.startsWith("--size-")).map(([, value]) => parseFloat(value));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  });
});
