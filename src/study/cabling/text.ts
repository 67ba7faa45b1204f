import { columns } from "../../answer/text/layout-text.js";
import { counted } from "../../answer/text/units.js";
import type { CablingReport } from "./check.js";

/** The report for people; ends with a newline. */
export function formatCabling(report: CablingReport, { file, name }: { file: string; name: string }): string {
  const { intendedCables, rightCables, faults, comparesPorts, wrongRailGpus } = report;
  const rows = faults.map(({ kind, message, lines }) => [kind, `${message}${shownLines(lines)}`]);
  const rails =
    wrongRailGpus === null
      ? []
      : [wrongRailGpus === 0 ? "No GPU is on a wrong rail." : `${counted(wrongRailGpus, "NIC")} on a wrong rail.`];
  return `${[
    `${file} against ${name}: ${rightCables} of ${counted(intendedCables, "cable")} found in their places`,
    ...columns(rows, ["left", "left"]).map((line) => `  ${line}`),
    ...rails,
    ...(comparesPorts
      ? []
      : ["Ports were not compared: they are not the plain numbers of topo --out cabling.csv. Devices were."]),
    faults.length === 0 ? "The cabling is right." : `${counted(faults.length, "fault")}.`,
  ].join("\n")}\n`;
}

function shownLines(lines: readonly number[]): string {
  if (lines.length === 0) return "";
  return lines.length === 1 ? ` (line ${lines[0]})` : ` (lines ${lines.join(", ")})`;
}
