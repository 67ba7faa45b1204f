/** Measured times of layers as CSV (docs/TRAINING.md has the columns). */
import {
  END_BLOCKS,
  type EndBlock,
  LAYER_BLOCKS,
  type LayerBlock,
  type LayerTimes,
  type PassSeconds,
} from "../../plan/training/layer-times.js";
import { listOf } from "../../util/list-of.js";
import { parseQuantity } from "./units.js";

const NEEDED = ["layer", "block", "forward", "backward"] as const;
/** Columns that say which layout a row was measured with. */
const LAYOUT = ["tp", "cp", "micro"] as const;
const MAX_ROWS = 100_000;
const MAX_LAYERS = 10_000;
const BLOCKS = [...LAYER_BLOCKS, ...END_BLOCKS, "optimizer"] as const;

/** What rows are looked up by. */
export type MeasuredLayout = Readonly<Record<(typeof LAYOUT)[number], number>>;

/** One line. */
interface Row {
  readonly layout: Partial<MeasuredLayout>;
  /** First and last layer; null for every layer, and for blocks that are no part of a layer. */
  readonly layers: readonly [number, number] | null;
  readonly block: (typeof BLOCKS)[number];
  readonly seconds: PassSeconds;
}

/**
 * Times of the rows that hold for a layout, or what is wrong with the table. Lines that begin with
 * # and empty lines are left out.
 */
export function readLayerTimes(text: string, layout: MeasuredLayout): LayerTimes | string {
  const rows = readRows(text);
  if (typeof rows === "string") return rows;
  const own = rows.filter((row) => LAYOUT.every((key) => (row.layout[key] ?? layout[key]) === layout[key]));
  if (own.length === 0) return `no row for ${shownLayout(layout)}; there are rows for ${listOf(layoutsOf(rows))}`;
  return timesOf(own);
}

function readRows(text: string): readonly Row[] | string {
  const rows: Row[] = [];
  let columns: readonly string[] | null = null;
  for (const [i, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const cells = line.split(",").map((cell) => cell.trim());
    if (columns === null) {
      const fault = faultOfHeader(cells);
      if (fault !== null) return `line ${i + 1}: ${fault}`;
      columns = cells;
      continue;
    }
    if (rows.length >= MAX_ROWS) return `line ${i + 1}: more than ${MAX_ROWS} rows`;
    const row =
      cells.length === columns.length ? rowOf(columns, cells) : `${cells.length} cells under ${columns.length} titles`;
    if (typeof row === "string") return `line ${i + 1}: ${row}`;
    rows.push(row);
  }
  return rows.length === 0 ? `no row; write e.g. ${NEEDED.join(",")}, then *,attention,410us,820us` : rows;
}

function faultOfHeader(titles: readonly string[]): string | null {
  const known: readonly string[] = [...NEEDED, ...LAYOUT];
  const missing = NEEDED.find((title) => !titles.includes(title));
  if (missing !== undefined) return `no column "${missing}"; the first line has the titles ${NEEDED.join(",")}`;
  const odd = titles.find((title, i) => !known.includes(title) || titles.indexOf(title) !== i);
  return odd === undefined ? null : `column ${shown(odd)}; there are ${listOf(known)}, each once`;
}

function rowOf(columns: readonly string[], cells: readonly string[]): Row | string {
  const cell = (title: string) => cells[columns.indexOf(title)] ?? "";
  const block = BLOCKS.find((name) => name === cell("block"));
  if (block === undefined) return `block ${shown(cell("block"))}; write ${listOf(BLOCKS, "or")}`;
  const layers = isLayerBlock(block) ? layersOf(cell("layer")) : endLayers(block, cell("layer"));
  if (typeof layers === "string") return layers;
  const forward = secondsOf("forward", cell("forward"));
  if (typeof forward === "string") return forward;
  const hasBackward = block !== "optimizer";
  if (!hasBackward && cell("backward") !== "") return "the optimizer has one time; leave its backward empty";
  const backward = hasBackward ? secondsOf("backward", cell("backward")) : 0;
  if (typeof backward === "string") return backward;
  const layout: Partial<Record<(typeof LAYOUT)[number], number>> = {};
  for (const key of LAYOUT) {
    const text = cell(key);
    if (text === "") continue;
    if (!/^[1-9]\d{0,6}$/.test(text)) return `${key} is ${shown(text)}; write a whole number from 1, or nothing`;
    layout[key] = Number(text);
  }
  return { layout, layers, block, seconds: { forward, backward } };
}

function isLayerBlock(block: string): block is LayerBlock {
  return (LAYER_BLOCKS as readonly string[]).includes(block);
}

/** Layers that a cell names: `*` all, `7`, or `0-2`. */
function layersOf(text: string): readonly [number, number] | null | string {
  if (text === "*") return null;
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (match === null || last >= MAX_LAYERS) return `layer ${shown(text)}; write *, or e.g. 7 or 0-2`;
  return first <= last ? [first, last] : `layers ${text} go backwards; write ${last}-${first}`;
}

function endLayers(block: string, text: string): null | string {
  return text === "" || text === "*" ? null : `${block} is no part of a layer; leave its layer empty`;
}

function secondsOf(column: string, text: string): number | string {
  const time = parseQuantity("time", text);
  return time.ok ? time.value / 1e12 : `${column}: ${time.message}`;
}

function timesOf(rows: readonly Row[]): LayerTimes | string {
  const everyLayer: Partial<Record<LayerBlock, PassSeconds>> = {};
  const byLayer: Partial<Record<LayerBlock, PassSeconds>>[] = [];
  const ends: Partial<Record<EndBlock, PassSeconds>> = {};
  let optimizer: number | null = null;
  for (const { layers, block, seconds } of rows) {
    if (block === "optimizer") {
      if (optimizer !== null) return "two rows for optimizer";
      optimizer = seconds.forward;
    } else if (!isLayerBlock(block)) {
      if (ends[block] !== undefined) return `two rows for ${block}`;
      ends[block] = seconds;
    } else if (layers === null) {
      if (everyLayer[block] !== undefined) return `two rows for ${block} of every layer`;
      everyLayer[block] = seconds;
    } else {
      for (let layer = layers[0]; layer <= layers[1]; layer++) {
        while (byLayer.length <= layer) byLayer.push({});
        if (byLayer[layer]![block] !== undefined) return `two rows for ${block} of layer ${layer}`;
        byLayer[layer]![block] = seconds;
      }
    }
  }
  return { everyLayer, byLayer, ends, optimizer };
}

const MAX_SHOWN = 5;

function layoutsOf(rows: readonly Row[]): string[] {
  const all = [...new Set(rows.map(({ layout }) => shownLayout(layout)))];
  return all.length <= MAX_SHOWN ? all : [...all.slice(0, MAX_SHOWN), `${all.length - MAX_SHOWN} more`];
}

function shownLayout(layout: Partial<MeasuredLayout>): string {
  return LAYOUT.flatMap((key) => (layout[key] === undefined ? [] : [`${key} ${layout[key]}`])).join(" ");
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
