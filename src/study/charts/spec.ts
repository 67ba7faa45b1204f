import { wrap } from "../../util/wrap.js";

/** A chart as Vega-Lite describes it: plain data. */
export type ChartSpec = Readonly<Record<string, unknown>>;

/** How values of a figure are drawn: divided, and called. */
export interface Scale {
  readonly divisor: number;
  readonly unit: string;
}

const STEPS: Readonly<Record<string, readonly (readonly [number, string])[]>> = {
  ns: [
    [1e9, "s"],
    [1e6, "ms"],
    [1e3, "us"],
    [1, "ns"],
  ],
  // Times of scenarios, as their parser counts them.
  ps: [
    [1e12, "s"],
    [1e9, "ms"],
    [1e6, "us"],
    [1e3, "ns"],
    [1, "ps"],
  ],
  bps: [
    [1e12, "Tb/s"],
    [1e9, "Gb/s"],
    [1e6, "Mb/s"],
    [1e3, "kb/s"],
    [1, "b/s"],
  ],
  mm: [
    [1e6, "km"],
    [1e3, "m"],
    [1, "mm"],
  ],
  bytes: [
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
    [1, "B"],
  ],
};

const FIXED: Readonly<Record<string, Scale>> = {
  GBps: { divisor: 1, unit: "GB/s" },
  share: { divisor: 0.01, unit: "%" },
  ms: { divisor: 1, unit: "ms" },
};

/**
 * The unit in which the largest of some values reads well. Units are those of names (`ns`, `bytes`,
 * `GBps`, `share`); others are drawn as they are.
 */
export function scaleOf(unit: string, values: readonly number[]): Scale {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const steps = STEPS[unit];
  if (steps === undefined) return FIXED[unit] ?? { divisor: 1, unit: "" };
  const [divisor, name] = steps.find(([size]) => most >= size) ?? steps.at(-1)!;
  return { divisor, unit: name };
}

export function axisTitle(title: string, { unit }: Scale): string {
  return unit === "" ? title : `${title} (${unit})`;
}

/**
 * Sizes that all charts share, in pixels of the drawing. In a drawing that is 520 wide the smallest
 * text has 6 pt where it is printed 80 mm (227 pt) wide. Long names of bars make it wider.
 */
export const SIZES = {
  text: 14,
  title: 16,
  /** Of a plot with numbers on its y axis. */
  plot: 400,
  /** Of bars that have names at their left and values at their ends. */
  bars: 260,
  barStep: 24,
} as const;
/** Characters of a line that fit, where one is taken to be 0.8 of the font's size wide (Vega). */
const TITLE_CHARACTERS = 38;
const SUBTITLE_CHARACTERS = 44;

/** A title in lines that fit the drawing; each subtitle begins a line. */
export function titleOf(text: string, ...subtitles: readonly string[]) {
  const subtitle = subtitles.flatMap((each) => wrap(each, SUBTITLE_CHARACTERS));
  // It begins at the left edge of the drawing, beside the names of bars too.
  return { text: wrap(text, TITLE_CHARACTERS), ...(subtitle.length === 0 ? {} : { subtitle }), frame: "bounds" };
}

/** Looks that all charts share. */
export const LOOKS = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  padding: 10,
  config: {
    font: "Helvetica, Arial, DejaVu Sans, sans-serif",
    title: { anchor: "start", fontSize: SIZES.title, subtitleFontSize: SIZES.text, subtitleColor: "#555", offset: 14 },
    axis: {
      labelFontSize: SIZES.text,
      titleFontSize: SIZES.text,
      titleFontWeight: "normal",
      gridColor: "#e6e6e6",
      domainColor: "#888",
      // Labels are as long as their names: cut ones would not be told apart.
      labelLimit: 0,
    },
    header: { labelFontSize: SIZES.text, labelFontWeight: "bold", titleFontSize: SIZES.text },
    legend: {
      // Beside the plot it would take a third of the width.
      orient: "bottom",
      direction: "vertical",
      labelFontSize: SIZES.text,
      titleFontSize: SIZES.text,
      titleFontWeight: "normal",
      titleLimit: 0,
      labelLimit: 0,
    },
    text: { fontSize: SIZES.text },
    view: { stroke: null },
  },
} as const;

/**
 * Colours that are told apart by most eyes, in print too (P. Tol, "Colour schemes", 2021: bright
 * and muted).
 */
export const PALETTE = [
  "#4477aa",
  "#ee6677",
  "#228833",
  "#ccbb44",
  "#66ccee",
  "#aa3377",
  "#882255",
  "#44aa99",
  "#999933",
  "#332288",
  "#bbbbbb",
  "#dd7733",
];
