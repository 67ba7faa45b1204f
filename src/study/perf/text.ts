import type { Style } from "../../answer/text/style.js";
import { wrap } from "../../util/wrap.js";
import type { PerfDocument, PerfRow } from "./document.js";

/** Columns of nccl-tests, with what else was asked for beside them. Ends with a newline. */
export function formatPerf(document: PerfDocument, { dim, warn }: Style): string {
  const { rows, scenario, topology, collective, averageBusbwGBps, envelope } = document;
  const hasNccl = rows.some(({ nccl }) => nccl !== undefined);
  const hasMeasured = rows.some(({ measured }) => measured !== undefined);
  const extras = [
    ...(hasNccl ? ["   NCCL's model: time  differs"] : []),
    ...(hasMeasured ? ["   measured: time   error"] : []),
  ];
  const units = [
    ...(hasNccl ? ["           (us)           "] : []),
    ...(hasMeasured ? ["          (us)        "] : []),
  ];
  const lines = [
    `# heddle perf: ${collective}, ${topology.gpus.toLocaleString("en-US")} GPUs, ${topology.kind}, ${scenario.name}`,
    "#",
    `#       size         count      type   redop    root     time   algbw   busbw #wrong${extras.join("")}  algorithm`,
    `#        (B)    (elements)                               (us)  (GB/s)  (GB/s)       ${units.join("")}`,
  ].map((line) => dim(line.trimEnd()));
  const table = rows.map((row) => (row.simulated === null ? warn(rowText(row)) : rowText(row)));
  const notes = envelope.flatMap((text) => wrap(text, 96).map((line, i) => `#${i === 0 ? " - " : "   "}${line}`));
  return [
    ...lines,
    ...table,
    "# Out of bounds values : N/A",
    `# Avg bus bandwidth    : ${averageBusbwGBps === null ? "N/A" : averageBusbwGBps.toFixed(4)}`,
    ...(notes.length > 0 ? ["# Where the model is known not to hold:", ...notes] : []),
    "",
  ].join("\n");
}

function rowText(row: PerfRow): string {
  const { sizeBytes, count, type, redop, root, simulated, algorithm, protocol } = row;
  const head = `${`${sizeBytes}`.padStart(12)}  ${`${count}`.padStart(12)}  ${type.padStart(8)}  ${redop.padStart(6)}  ${`${root}`.padStart(6)}`;
  if (simulated === null) return `${head}  ${row.status}`;
  const { timeUs, algbwGBps, busbwGBps } = simulated;
  const own = `  ${float(timeUs, 7)}  ${float(algbwGBps, 6)}  ${float(busbwGBps, 6)}     N/A`;
  const nccl =
    row.nccl === undefined
      ? ""
      : row.nccl === null
        ? `${"N/A".padStart(21)}  ${"N/A".padStart(7)}`
        : `  ${`${row.nccl.algorithm} ${row.nccl.protocol}`.padStart(11)} ${float(row.nccl.timeUs, 7)} ${share(row.ncclDifference)}`;
  const measured =
    row.measured === undefined
      ? ""
      : `${(row.measured === null ? "-" : float(row.measured.timeUs, 7)).padStart(17)} ${share(row.error)}`;
  return `${head}${own}${nccl}${measured}  ${algorithm}${protocol ? ` ${protocol}` : ""}`;
}

/** As nccl-tests prints numbers: as many decimals, up to two, as the width has room for. */
export function float(value: number, width: number): string {
  for (const decimals of [2, 1, 0]) {
    const text = value.toFixed(decimals);
    if (text.length <= width) return text.padStart(width);
  }
  return value.toExponential(0).padStart(width);
}

function share(difference: number | null | undefined): string {
  if (difference === null || difference === undefined) return "-".padStart(8);
  return `${difference >= 0 ? "+" : ""}${(100 * difference).toFixed(1)}%`.padStart(8);
}
