/** The points of sweeps as a table of columns, for other programs. */
import { type Dimension, parseQuantity } from "../../scenario/types/units.js";
import type { Manifest } from "./manifest.js";
import { showValue } from "./point.js";
import type { PointRow } from "./row.js";
import { joinRows } from "./summary.js";

export type Cell = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly kind: "text" | "number" | "boolean";
  readonly cells: readonly Cell[];
}

/** Names of axes end in these where their values are quantities. */
const UNITS: readonly (readonly [Dimension, string])[] = [
  ["time", "Ps"],
  ["size", "Bytes"],
  ["rate", "Bps"],
  ["length", "Mm"],
  ["temperature", "MilliC"],
];

/**
 * One row per finished point and sweep, in the order of the sweeps: where it comes from, its axes
 * by their paths (and, where they are quantities, as numbers with the unit in the name), its
 * metrics.
 */
export function columnsOf(manifests: readonly Manifest[], rows: ReadonlyMap<string, PointRow>): Column[] {
  const items = manifests.flatMap((manifest) =>
    joinRows(manifest, rows).flatMap(({ point, row }) => (row === undefined ? [] : [{ manifest, point, row }])),
  );
  const axes = [...new Set(manifests.flatMap(({ points }) => points.flatMap((point) => Object.keys(point.axes))))];
  const metrics = [...new Set(items.flatMap(({ row }) => Object.keys(row.metrics)))];
  const text = (name: string, of: (item: (typeof items)[number]) => string | null): Column => ({
    name,
    kind: "text",
    cells: items.map(of),
  });
  return [
    text("sweep", ({ manifest }) => manifest.name),
    text("id", ({ row }) => row.id),
    ...axes.flatMap((axis) =>
      axisColumns(
        axis,
        items.map(({ point }) => point.axes[axis] ?? null),
      ),
    ),
    { name: "seed", kind: "number", cells: items.map(({ row }) => row.seed) },
    text("status", ({ row }) => row.status),
    ...metrics.map((name): Column => {
      return { name, kind: "number", cells: items.map(({ row }) => row.metrics[name] ?? null) };
    }),
    text("diagnosis", ({ row }) => row.diagnosis),
    text("scenarioName", ({ row }) => row.scenarioName),
    text("scenarioDigest", ({ row }) => row.scenarioDigest),
    text("heddleVersion", ({ row }) => row.heddleVersion),
    text("coreDigest", ({ row }) => row.coreDigest),
    text("engineDigest", ({ row }) => row.engineDigest),
  ];
}

function axisColumns(name: string, values: readonly unknown[]): Column[] {
  const present = values.filter((value) => value !== null);
  for (const kind of ["number", "boolean"] as const) {
    if (present.length > 0 && present.every((value) => typeof value === kind)) {
      return [{ name, kind, cells: values as Cell[] }];
    }
  }
  const shown: Column = {
    name,
    kind: "text",
    cells: values.map((value) => (value === null ? null : showValue(value))),
  };
  for (const [dimension, unit] of UNITS) {
    const parsed = values.map((value) => (typeof value === "string" ? parseQuantity(dimension, value) : null));
    if (present.length === 0 || !parsed.every((result, i) => values[i] === null || result?.ok === true)) continue;
    const cells = parsed.map((result) => (result?.ok === true ? result.value : null));
    return [shown, { name: `${name}${unit}`, kind: "number", cells }];
  }
  return [shown];
}

/** RFC 4180: commas, quotes doubled, CRLF left to those who want it. */
export function toCsv(columns: readonly Column[]): string {
  const lines = [columns.map(({ name }) => quoted(name)).join(",")];
  for (let row = 0; row < (columns[0]?.cells.length ?? 0); row++) {
    lines.push(columns.map(({ cells }) => quoted(cells[row] ?? null)).join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** A cell of CSV. */
export function quoted(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toNdjson(columns: readonly Column[]): string {
  const lines: string[] = [];
  for (let row = 0; row < (columns[0]?.cells.length ?? 0); row++) {
    lines.push(`${JSON.stringify(Object.fromEntries(columns.map(({ name, cells }) => [name, cells[row]])))}\n`);
  }
  return lines.join("");
}
