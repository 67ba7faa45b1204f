/**
 * Charts to files, without a browser. The packages that draw are optional, and loaded when a chart
 * is asked for.
 */

import { HeddleError } from "../../util/heddle-error.js";
import type { ChartSpec } from "./spec.js";

/** A chart cannot be drawn: a package is missing, or its file has no known ending. */
export class ChartError extends HeddleError {
  override readonly name = "ChartError";
  readonly code = "HEDDLE_CHART";
}

interface VegaLite {
  compile(spec: ChartSpec): { readonly spec: unknown };
}

interface Vega {
  readonly View: new (
    runtime: unknown,
    options: { renderer: "none" },
  ) => { toSVG(): Promise<string>; finalize(): void };
  parse(spec: unknown): unknown;
  resetSVGDefIds(): void;
}

interface Resvg {
  readonly Resvg: new (
    svg: string,
    options: { fitTo: { mode: "zoom"; value: number }; font: { loadSystemFonts: boolean; defaultFontFamily: string } },
  ) => { render(): { asPng(): Uint8Array } };
}

/** Pixels of a PNG for each unit of the drawing. */
const ZOOM = 2;

/**
 * The chart as SVG: the same bytes for the same chart.
 * @throws ChartError where vega or vega-lite is not installed
 */
export async function renderSvg(chart: ChartSpec): Promise<string> {
  const [vega, vegaLite] = await Promise.all([load<Vega>("vega"), load<VegaLite>("vega-lite")]);
  // Identifiers inside the drawing are counted over the process's life otherwise.
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(vegaLite.compile(chart).spec), { renderer: "none" });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

/** A drawing as PNG, twice its size. @throws ChartError where @resvg/resvg-js is not installed */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await load<Resvg>("@resvg/resvg-js");
  const font = { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" };
  return new Resvg(svg, { fitTo: { mode: "zoom", value: ZOOM }, font }).render().asPng();
}

/**
 * Finds out before long work whether its chart can be drawn.
 * @throws ChartError where a package is missing
 */
export async function checkDrawing(format: "svg" | "png"): Promise<void> {
  const packages = ["vega", "vega-lite", ...(format === "png" ? ["@resvg/resvg-js"] : [])];
  await Promise.all(packages.map((name) => load(name)));
}

/** What a chart is written as, by the ending of its file's name. @throws ChartError */
export function chartFormat(path: string): "svg" | "png" {
  const ending = /\.(svg|png)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === "svg" || ending === "png") return ending;
  throw new ChartError(`${path}: a chart is written as .svg or .png; name such a file`);
}

/** The bytes of a chart's file. */
export async function renderChart(chart: ChartSpec, format: "svg" | "png"): Promise<string | Uint8Array> {
  const svg = await renderSvg(chart);
  return format === "svg" ? svg : renderPng(svg);
}

/** @param importPackage stands in for `import` in tests */
export async function load<T>(
  name: string,
  importPackage: (name: string) => Promise<unknown> = (specifier) => import(specifier),
): Promise<T> {
  try {
    return (await importPackage(name)) as T;
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new ChartError(`charts need the package ${name}, which is not installed; npm install ${name} adds it`, {
      cause,
    });
  }
}
