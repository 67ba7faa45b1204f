import { columns, fact } from "../text/layout-text.js";
import { styleFor } from "../text/style.js";
import { bitRate, bytes, counted, digits, duration } from "../text/units.js";
import { diameterFact, pathRows, trafficLines } from "../topology/text.js";
import { bufferSizes } from "./credit-text.js";
import type { TextOptions } from "./text.js";
import type { RunMemory, TopologyReport } from "./topology-report.js";

export { describeTopology, type TopologyReport } from "./topology-report.js";

function memoryText({ processBytes, coreBytes }: RunMemory): string {
  return `about ${bytes(processBytes)}, ${bytes(coreBytes)} of it in the core`;
}

/**
 * A fabric for people: parts by level, bandwidth, unloaded latencies. Ends with a newline.
 * @param options how the text is made
 */
export function formatTopology(report: TopologyReport, { color = false }: TextOptions = {}): string {
  const { bold } = styleFor(color);
  const { counts, oversubscription, bisectionBps, memory, creditBuffers } = report;
  const whole = (value: number) => value.toLocaleString("en-US");
  const switches = report.switches.map(({ level, count, ports }) => [level, whole(count), counted(ports, "port")]);
  const links = report.links.map(({ level, count, rateBps }) => [level, whole(count), bitRate(rateBps)]);
  const paths = report.paths.map(({ kind, from, to, switches: hops, latencyNs }) => [
    kind,
    `${from} -> ${to}`,
    counted(hops, "switch", "switches"),
    duration(latencyNs),
  ]);
  const indented = (rows: string[][], sides: ("left" | "right")[]) => columns(rows, sides).map((line) => `  ${line}`);
  const sections = [
    [
      `${bold(report.name)}  ${counts.kind}, ${whole(counts.gpus)} ${counts.gpus === 1 ? "GPU" : "GPUs"} in ${whole(counts.nodes)} ${counts.nodes === 1 ? "node" : "nodes"}`,
      fact("Transceivers", whole(counts.transceivers)),
      ...(oversubscription === null ? [] : [fact("Oversubscription", `${digits(oversubscription)} : 1 at the leaves`)]),
      ...(bisectionBps === null ? [] : [fact("Bisection", `${bitRate(bisectionBps)} each way`)]),
      ...diameterFact(report.pathDiversity),
      ...(creditBuffers.length === 0 ? [] : [fact("Credit buffers", bufferSizes(creditBuffers))]),
      ...(memory === null ? [] : [fact("Memory for a run", memoryText(memory))]),
    ],
    [bold("Switches"), ...indented(switches, ["left", "right", "right"])],
    [bold("Links"), ...indented(links, ["left", "right", "right"])],
    [bold("Unloaded latency of a full packet"), ...indented(paths, ["left", "left", "right", "right"])],
    [
      bold("Shortest paths between NICs of the fabric"),
      ...indented(pathRows(report.pathDiversity), ["right", "right", "right", "left"]),
    ],
    [bold("Traffic of the workload"), ...(report.traffic.bytes === 0 ? [] : trafficLines(report.traffic))],
  ];
  return `${sections
    .filter((lines, i) => i === 0 || lines.length > 1)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}
