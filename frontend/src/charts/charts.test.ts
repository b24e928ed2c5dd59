import { describe, expect, it } from "vitest";
import type { Trends } from "../api/types";
import { ColorBook } from "../lib/colors";
import { makeTrends } from "../../test/fixtures/charts";
import { contextFillSpec } from "./contextfill";
import { timelineSpec } from "./timeline";
import { withAlpha } from "./palette";
import { sparklinePath } from "./sparkline";
import type { ChartColors } from "./spec";
import { trendParts, trendSpec } from "./trend";
import { tableToTsv } from "./tsv";

const COLORS: ChartColors = {
  ink: "#000000", inkQuiet: "#666666", line: "#eeeeee", panel: "#ffffff", accent: "#0000ff", font: "sans-serif", resolve: (css) => css,
};

function spec(trends: Trends, metric: "tokens" | "cost", hidden?: ReadonlySet<string>) {
  return trendSpec({ trends, metric, hidden, book: new ColorBook() }, COLORS);
}

const number = (text: string) => Number(text.replace(/[$,]/g, ""));

describe("the trend", () => {
  const trends = makeTrends();

  it("keeps every bucket, also those of zero, in every part", () => {
    const zero: Trends = { ...trends, series: trends.series.map((series) => ({ ...series, tokens: series.tokens.map((value, index) => (index === 2 ? 0 : value)) })) };
    const { data, table, length } = spec(zero, "tokens");
    expect(data.labels).toHaveLength(trends.buckets.length);
    expect(data.datasets.every((set) => set.data.length === trends.buckets.length && set.data[2] === 0)).toBe(true);
    expect([table.rows.length, length]).toEqual([trends.buckets.length, trends.buckets.length]);
  });

  it("draws what its table says", () => {
    for (const metric of ["tokens", "cost"] as const) {
      const { data, table } = spec(trends, metric);
      table.rows.forEach((row, bucket) =>
        data.datasets.forEach((set, part) => {
          const text = row[part + 1] ?? "";
          if (text !== "unpriced") expect(number(text)).toBeCloseTo(set.data[bucket] ?? 0, metric === "tokens" ? 0 : 2);
        }),
      );
      expect(table.columns).toEqual(["Day", ...trends.series.map((series) => series.label), "Total"]);
    }
  });

  it("has tokens that add up: parts to bars, bars to the total", () => {
    const { table } = spec(trends, "tokens");
    const parts = trends.series.map((series) => series.tokens.reduce((sum, value) => sum + value, 0));
    const columns = table.columns.slice(1, -1).map((_, part) => table.rows.reduce((sum, row) => sum + number(row[part + 1] ?? ""), 0));
    expect(columns).toEqual(parts);
    expect(table.total?.[0]).toBe("Total");
    expect(table.total).toHaveLength(table.columns.length);
  });

  it("tells that a bar of an hour leads to its whole day, and only there", () => {
    expect(spec(makeTrends(24, "hour"), "cost").hover(3)?.hint).toBe("A click shows this whole day");
    expect(spec(trends, "cost").hover(0)?.hint).toBeUndefined();
  });

  it("tells projects of the same name apart", () => {
    const [one, two] = trends.series;
    if (!one || !two) throw new Error("The fixture has two series.");
    const projects: Trends = { ...trends, stack: "project", series: [{ ...one, key: "/a/work/api", label: "api" }, { ...two, key: "/a/play/api", label: "api" }] };
    expect(trendParts(projects, new ColorBook()).map((part) => part.label)).toEqual(["work/api", "play/api"]);
  });

  it("names every part that was used and the exact total in its hover", () => {
    const { hover, table } = spec(trends, "cost");
    const said = hover(0);
    expect(said?.title).toBe(trends.buckets[0]?.title);
    expect(said?.lines.map((line) => line.label)).toEqual(trends.series.filter((series) => (series.tokens[0] ?? 0) > 0).map((series) => series.label));
    expect(said?.total?.value).toBe(table.rows[0]?.[table.columns.length - 1]);
    expect(said?.lines.filter((line) => line.value === "unpriced").length).toBe(trends.series.filter((series) => series.unpriced).length);
    expect(hover(999)).toBeNull();
  });

  it("leaves out what is switched off, and totals only what is left", () => {
    const [first] = trends.series;
    const { data, table, hover } = spec(trends, "tokens", new Set([first?.key ?? ""]));
    expect(data.datasets.map((set) => set.label)).not.toContain(first?.label);
    const row = table.rows[0] ?? [];
    expect(number(row[row.length - 1] ?? "")).toBe(row.slice(1, -1).reduce((sum, cell) => sum + number(cell), 0));
    expect(hover(0)?.total?.value).toBe(row[row.length - 1]);
  });

  it("keeps the colour of a part whatever else is drawn", () => {
    const book = new ColorBook();
    const all = trendParts(trends, book);
    const fewer = trendParts({ ...trends, series: [...trends.series].reverse().slice(0, 2) }, book);
    for (const part of fewer) expect(part.color).toBe(all.find((other) => other.key === part.key)?.color);
    expect(trendParts({ ...trends, series: trends.series.map((series) => ({ ...series, key: "other" })) }, book)[0]?.color).toBe("var(--cat-other)");
  });

  it("stands an empty range", () => {
    const { data, table, length } = spec({ ...trends, buckets: [], series: [] }, "cost");
    expect([data.datasets.length, table.rows.length, length, table.total]).toEqual([0, 0, 0, ["Total", "$0.00"]]);
  });

  it("makes the text of logs visible", () => {
    const [series] = trends.series;
    if (!series) throw new Error("no series");
    expect(trendParts({ ...trends, series: [{ ...series, label: "a\u202Eb" }] }, new ColorBook())[0]?.label).toBe("a[U+202E]b");
  });
});

describe("sparklinePath", () => {
  it.each([
    [[], ""],
    [[5], "M0 2L100 2"],
    [[0, 0, 0], "M0 24L50 24L100 24"],
    [[0, 10], "M0 24L100 2"],
    [[Number.NaN, 10, 5], "M0 24L50 2L100 13"],
    [[-5, 5], "M0 24L100 2"],
  ])("%j", (values, line) => expect(sparklinePath(values, 100, 26).line).toBe(line));
  it("closes its area on the ground", () => expect(sparklinePath([0, 10], 100, 26).area).toBe("M0 24L100 2L100 26L0 26Z"));
});

describe("the context", () => {
  const points = [{ label: "16:40", title: "18 Sep, 16:40", used: 64_500 }, { label: "16:41", title: "18 Sep, 16:41", used: 129_000 }];
  it("draws what its table says, against the window", () => {
    const { data, table, hover, options } = contextFillSpec(points, 258_000, COLORS);
    expect(data.datasets[0]?.data).toEqual([64_500, 129_000]);
    expect(table.rows).toEqual([["18 Sep, 16:40", "64,500", "25 %"], ["18 Sep, 16:41", "129,000", "50 %"]]);
    expect(hover(1)?.lines.map((line) => line.value)).toEqual(["129,000", "50 %"]);
    expect(options.scales?.["y"]?.max).toBe(258_000);
    expect(contextFillSpec(points, 100_000, COLORS).options.scales?.["y"]?.max).toBe(129_000);
  });
  it.each([null, 0])("says unknown for a window of %s", (window) => {
    const { table, hover } = contextFillSpec(points, window, COLORS);
    expect(table.rows[0]?.[2]).toBe("unknown");
    expect(hover(0)?.lines).toHaveLength(1);
  });
});

describe("a session's responses", () => {
  const points = [{ label: "16:40", title: "18 Sep, 16:40", responses: 1, tokens: 900, cost: 0.25 }, { label: "16:41", title: "18 Sep, 16:41 to 16:43", responses: 3, tokens: 5000, cost: 0 }];
  it.each([["tokens", [900, 5000], "900"], ["cost", [0.25, 0], "$0.2500"]] as const)("are bars of %s", (metric, values, first) => {
    const { data, table, hover, description } = timelineSpec(points, metric, COLORS);
    expect(data.datasets[0]?.data).toEqual(values);
    expect(table.rows[0]).toEqual(["18 Sep, 16:40", "1", first]);
    expect(hover(0)?.lines).toHaveLength(1);
    expect(hover(1)?.lines[1]).toEqual({ label: "Responses", value: "3" });
    expect(description).toContain("of 4 responses in 2 bars");
  });
});

describe("tableToTsv", () => {
  it("is one line per row, and no cell becomes a formula or another cell", () => {
    const table = { columns: ["Day", "=cmd()"], rows: [["a\tb", "-$3.00"], ["@x", "-x"]], total: ["Total", "+1"] };
    expect(tableToTsv(table)).toBe("Day\t'=cmd()\na b\t-$3.00\n'@x\t'-x\nTotal\t'+1");
  });

  it.each([
    ["-1", "-1"], ["-1,234.5 %", "-1,234.5 %"], ["-€0.12", "-€0.12"], ["-1.2M", "-1.2M"], ["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
    ["-1*A1", "'-1*A1"], ["-$A$1", "'-$A$1"], ["＝1", "'＝1"], ["x;=1+1", "x;'=1+1"], ["x;\"=1", "x;'\"=1"], ["\n=1", " =1"], ["a;b", "a;b"],
  ])("a cell of %s is %s", (text, made) => expect(tableToTsv({ columns: [text], rows: [], total: null })).toBe(made));
});

describe("withAlpha", () => {
  it.each([["#102030", 0.5, "#10203080"], ["#102030", 2, "#102030ff"], ["red", 0.5, "red"]])("%s at %d", (color, alpha, made) => expect(withAlpha(color, alpha)).toBe(made));
});
