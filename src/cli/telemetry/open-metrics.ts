/**
 * Tables as OpenMetrics text (OpenMetrics 1.0), which Prometheus reads with
 * `promtool tsdb create-blocks-from openmetrics`. All points of a series stand together, so rows
 * are kept until the end: telemetry takes longer intervals sooner for that.
 */
import type { Cell, TableColumn, TableShape } from "../../answer/telemetry/columns.js";
import type { TableFormat, TableRow, TableWriter } from "./table-writer.js";
import { BlockFile } from "./text.js";

interface Point {
  /** Seconds; undefined where rows have no time. */
  readonly time: number | undefined;
  readonly row: TableRow;
}

export const openMetrics: TableFormat = {
  rowsPerLength: 100_000,
  open(path: string, shape: TableShape): TableWriter {
    const file = new BlockFile(path);
    const series = new Map<string, Point[]>();
    const labels = shape.columns.filter(({ role }) => role === "label");
    const add = (row: TableRow) => {
      const key = labels
        .flatMap(({ name }) => (row[name] == null ? [] : [`${name}="${escaped(row[name])}"`]))
        .join(",");
      const points = series.get(key) ?? [];
      if (points.length === 0) series.set(key, points);
      points.push({ time: typeof row.toNs === "number" ? row.toNs / 1e9 : undefined, row });
    };
    return {
      write: (rows) => {
        for (const row of rows) add(row);
      },
      end: () => {
        for (const column of shape.columns) for (const text of family(shape, column, series)) file.add(text);
        file.add("# EOF\n");
        file.end();
      },
      abandon: () => file.close(),
    };
  },
};

/** The lines of a metric: what it is, then each series of it in order of time. */
function* family({ name: prefix }: TableShape, column: TableColumn, series: ReadonlyMap<string, readonly Point[]>) {
  const { name, role, help } = column;
  if (role !== "counter" && role !== "gauge") return;
  const [metric, unit, scale] = named(`${prefix}_${snake(name)}`);
  let isFirst = true;
  for (const [labels, points] of series) {
    let sum = 0;
    for (const { time, row } of points) {
      const value = row[name];
      if (typeof value !== "number") continue;
      if (isFirst) yield `# TYPE ${metric} ${role}\n${unit === "" ? "" : `# UNIT ${metric} ${unit}\n`}`;
      if (isFirst) yield `# HELP ${metric} ${escaped(help)}\n`;
      isFirst = false;
      sum += value;
      const shown = (role === "counter" ? sum : value) / scale;
      const sample = role === "counter" ? `${metric}_total` : metric;
      yield `${sample}{${labels}} ${shown}${time === undefined ? "" : ` ${time}`}\n`;
    }
  }
}

/** The name of a metric ends with its base unit. */
function named(name: string): [metric: string, unit: string, scale: number] {
  if (name.endsWith("_ns")) return [`${name.slice(0, -3)}_seconds`, "seconds", 1e9];
  if (name.endsWith("_bytes")) return [name, "bytes", 1];
  return name.endsWith("_bps") ? [`${name.slice(0, -4)}_bits_per_second`, "", 1] : [name, "", 1];
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function escaped(cell: Cell): string {
  return String(cell).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
