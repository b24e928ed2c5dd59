import {
  BarController, BarElement, CategoryScale, Chart, Filler, LinearScale, LineController, LineElement, PointElement,
} from "chart.js";
import type { ChartSpec } from "./spec";

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement);

/** A drawn chart that can be shown other numbers, pointed at, and taken away. */
export interface DrawnChart {
  show: (spec: ChartSpec) => void;
  /** Marks a place of the x axis; null marks none. */
  point: (index: number | null) => void;
  /** The place of the x axis under a pointer; null beside the bars. */
  indexAt: (event: MouseEvent) => number | null;
  /** Where a place lies, in pixels from the left of the canvas. */
  xOf: (index: number) => number;
  destroy: () => void;
}

/** Draws a chart on a canvas; later numbers replace the former in place, without motion. */
export function drawChart(canvas: HTMLCanvasElement, first: ChartSpec): DrawnChart {
  let type = first.type;
  let chart = makeChart(canvas, first);
  return {
    show(spec) {
      if (spec.type !== type) {
        chart.destroy();
        type = spec.type;
        chart = makeChart(canvas, spec);
        return;
      }
      chart.data = spec.data;
      chart.options = spec.options;
      chart.update("none");
    },
    point(index) {
      const active = index === null ? [] : chart.data.datasets.map((_, datasetIndex) => ({ datasetIndex, index }));
      chart.setActiveElements(active);
      chart.update("none");
    },
    indexAt: (event) => chart.getElementsAtEventForMode(event, "index", { axis: "x", intersect: false }, false)[0]?.index ?? null,
    xOf: (index) => chart.scales["x"]?.getPixelForValue(index) ?? 0,
    destroy: () => chart.destroy(),
  };
}

function makeChart(canvas: HTMLCanvasElement, spec: ChartSpec): Chart<"bar" | "line", number[], string> {
  return new Chart<"bar" | "line", number[], string>(canvas, { type: spec.type, data: spec.data, options: spec.options });
}
