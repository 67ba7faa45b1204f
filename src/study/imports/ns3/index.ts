/** Files of the ns-3 simulators of HPCC and SimAI: docs/IMPORTS-FABRICS.md has what is read. */
import { formatQuantity, parseQuantity } from "../../../scenario/types/units.js";
import { listOf } from "../../../util/list-of.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { type Ns3Config, readConfig } from "./config.js";
import { type Ns3Flow, readFlows } from "./flows.js";
import { type Ns3Topology, readTopology } from "./topology.js";
import { type Line, linesOf } from "./words.js";

type Kind = "topology" | "flow" | "config";
interface Part {
  readonly file: SourceFile;
  readonly lines: readonly Line[];
}

export const ns3: ImportFormat = {
  sentence: "Topology, flow and config files of HPCC or SimAI for ns-3: up to one of each.",
  async read(files): Promise<Imported> {
    const parts = new Map<Kind, Part>();
    for (const file of files) {
      const lines = await linesOf(file);
      const kind = kindOf(file, lines);
      if (parts.has(kind)) file.fail(`a second file of kind ${kind}, beside ${parts.get(kind)!.file.name}`);
      parts.set(kind, { file, lines });
    }
    return scenarioOf(parts);
  },
};

/** Keys are words; a list of flows begins with one number, a topology with several. */
function kindOf(file: SourceFile, lines: readonly Line[]): Kind {
  const [head] = lines;
  if (head === undefined) return file.fail("the file is empty");
  if (/^[A-Z]/.test(head.words[0]!)) return "config";
  if (head.words.length === 1) return "flow";
  if (head.words.length >= 3) return "topology";
  return file.fail(
    "the first line is neither a key, a number of flows, nor numbers of nodes, switches and links",
    head,
  );
}

function scenarioOf(parts: ReadonlyMap<Kind, Part>): Imported {
  const [topologyPart, flowPart, configPart] = (["topology", "flow", "config"] as const).map((kind) => parts.get(kind));
  const topology = topologyPart && readTopology(topologyPart.file, topologyPart.lines);
  const flows = flowPart && readFlows(flowPart.file, flowPart.lines);
  if (flowPart !== undefined && topology === undefined)
    flowPart.file.fail("flows name nodes; name the topology file, too");
  const config = configPart && readConfig(configPart.file, configPart.lines, topology && ratesOf(topology));
  const hosts = new Set(topology?.hosts);
  const workload = flows
    ? { kind: "flows", flows: flows.map((flow) => flowOf(flowPart!.file, flow, hosts)) }
    : { kind: "collective", collective: "all-reduce", size: "64MiB" };
  const faults = config?.linkDown && [faultOf(configPart!.file, config.linkDown, topology)];
  return {
    ranks: topology?.hosts.length ?? 0,
    sections: {
      preset: "ns3",
      ...(topology && { topology: fabricOf(topology, config?.errorRate ?? 0) }),
      ...config?.sections,
      ...(topology && { workload }),
      ...(faults && { faults }),
    },
    notes: notesOf(topology, flows, config),
  };
}

function ratesOf({ links }: Ns3Topology): Set<number> {
  return new Set(
    links.map(({ rate }) => {
      const parsed = parseQuantity("rate", rate);
      return parsed.ok ? parsed.value : 0;
    }),
  );
}

function fabricOf({ hosts, switches, links }: Ns3Topology, errorRate: number) {
  const isHost = new Set(hosts);
  const name = (id: number) => (isHost.has(id) ? hostName(id) : switchName(id));
  return {
    kind: "custom",
    hosts: hosts.map(hostName),
    switches: switches.map(switchName),
    links: links.map(({ a, b, rate, latency, errorRate: own }) => {
      const frameLossRatio = own > 0 ? own : errorRate;
      return { a: name(a), b: name(b), rate, latency, ...(frameLossRatio > 0 && { frameLossRatio }) };
    }),
  };
}

const hostName = (id: number) => `h${id}`;
const switchName = (id: number) => `s${id}`;

function flowOf(file: SourceFile, { src, dst, bytes, startPs, line }: Ns3Flow, hosts: ReadonlySet<number>) {
  for (const end of [src, dst]) if (!hosts.has(end)) file.fail(`node ${end} is no host of the topology`, { line });
  if (src === dst) file.fail("a flow from a host to itself", { line });
  const start = startPs > 0 && { start: formatQuantity("time", startPs) };
  return { src: hostName(src), dst: hostName(dst), size: `${bytes}B`, ...start };
}

/** LINK_DOWN counts from 2 s. */
function faultOf(
  file: SourceFile,
  { atUs, a, b, line }: NonNullable<Ns3Config["linkDown"]>,
  topology: Ns3Topology | undefined,
) {
  const joins = topology?.links.some((link) => (link.a === a && link.b === b) || (link.a === b && link.b === a));
  if (joins !== true) file.fail(`LINK_DOWN: there is no link between nodes ${a} and ${b}`, { line });
  const name = (id: number) => (topology!.hosts.includes(id) ? hostName(id) : switchName(id));
  return { kind: "link-down", from: name(a), to: name(b), start: formatQuantity("time", 2e12 + atUs * 1e6) };
}

function notesOf(
  topology: Ns3Topology | undefined,
  flows: readonly Ns3Flow[] | undefined,
  config: Ns3Config | undefined,
) {
  const groups = new Set(flows?.map(({ group }) => group));
  return [
    ...(config === undefined || config.unread.length === 0 ? [] : [`keys that are not read: ${listOf(config.unread)}`]),
    ...(topology !== undefined && topology.nvSwitches > 0
      ? [`${topology.nvSwitches} NVSwitches and their links are left out: hosts of a listed fabric are single GPUs`]
      : []),
    ...(groups.size > 1 ? ["flows have several priority groups, and are all of one class here"] : []),
    ...(topology !== undefined && flows === undefined
      ? ["the workload is an all-reduce of 64 MiB; write your own"]
      : []),
  ];
}
