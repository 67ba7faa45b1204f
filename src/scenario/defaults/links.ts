/** Links of a validated document to what the fabric is built of. */

import { LINK_LEVEL_NAMES, type LinkLevelName } from "../../plan/levels.js";
import { chooseOptic, type OpticName } from "../../plan/parts/optics.js";
import type { Sections } from "../schema/sections.js";
import type { CustomLink, CustomTopology, LinkLevel, Links } from "../types/scenario.js";
import { topologyFacts } from "../types/topology-facts.js";

/** Of light in fibre, and near enough of copper: 5 ns/m. */
export const PS_PER_MM = 5;

type WrittenLevel = Sections["links"]["fabric"];

/** Levels that have settings whatever the topology is. */
const COMMON: readonly LinkLevelName[] = ["access", "fabric", "core"];

/** Each link as it is built: the ports of a NIC share its rate, and planes share all rates. */
export function resolveLinks(links: Sections["links"], topology: Sections["topology"]): Links {
  const { scaleUp } = links;
  const { levels } = topologyFacts(topology);
  const own = LINK_LEVEL_NAMES.filter((name) => COMMON.includes(name) || levels.includes(name));
  const resolved = own.map((name) => [name, resolveLevel(links[name], splitOf(topology, name))]);
  const { access, ...others } = Object.fromEntries(resolved) as Omit<Links, "scaleUp">;
  const nvSwitches = nvSwitchesOf(topology);
  return {
    scaleUp: {
      rateBps: scaleUp.rate / nvSwitches,
      propagationPs: scaleUp.latency,
      fecPs: scaleUp.fecLatency,
      ber: scaleUp.ber,
      frameLossRatio: scaleUp.frameLossRatio,
      retries: scaleUp.llr,
      optic: scaleUp.optic === "auto" ? null : scaleUp.optic,
      lengthMm: 0,
      breakout: 1,
      cellBytes: scaleUp.cell,
    },
    ...others,
    access: { ...access, breakout: links.access.breakout },
  };
}

/** Links that share the rate that a level states. */
export function splitOf(topology: Sections["topology"], level: LinkLevelName): number {
  if (!("planes" in topology)) return 1;
  return level === "access" ? topologyFacts(topology).portsPerGpu : topology.planes;
}

/** NVSwitches of a node, which share the rate of a GPU. */
function nvSwitchesOf(topology: Sections["topology"]): number {
  return topology.kind === "multi-datacenter" ? topology.sites[0]!.topology.nvSwitches : topology.nvSwitches;
}

/** @param split links that share the rate */
function resolveLevel(level: WrittenLevel, split = 1): LinkLevel {
  const rateBps = level.rate / split;
  return {
    rateBps,
    ...(level.portRate !== undefined && { portRateBps: level.portRate / split }),
    propagationPs: level.latency ?? level.length * PS_PER_MM,
    fecPs: (level.fecLatency ?? fecPsAt(rateBps)) + level.innerCodeLatency,
    ber: level.ber,
    frameLossRatio: level.frameLossRatio,
    retries: level.llr,
    optic: resolveOptic(level.optic, rateBps, lengthOf(level)),
    lengthMm: lengthOf(level),
    breakout: 1,
    cellBytes: null,
  };
}

/** Of a level whose latency is written, what light goes in it. */
export function lengthOf({
  latency,
  length,
}: {
  readonly latency?: number | undefined;
  readonly length: number;
}): number {
  return latency === undefined ? length : Math.floor(latency / PS_PER_MM);
}

/** The part at the ends; null where `auto` finds none that has the rate and the length. */
export function resolveOptic(written: "auto" | OpticName, rateBps: number, lengthMm: number): OpticName | null {
  return written === "auto" ? (chooseOptic(rateBps, lengthMm) ?? null) : written;
}

/** RS(544,514): accumulation and decoding of a block. Slow links have none. */
export function fecPsAt(rateBps: number): number {
  if (rateBps >= 800e9) return 70_000;
  if (rateBps >= 400e9) return 75_000;
  return rateBps >= 25e9 ? 100_000 : 0;
}

type WrittenCustom = Extract<Sections["topology"], { kind: "custom" }>;

/** Hosts of a listed fabric by rank. */
export function hostsInOrder({ hosts, rankOrder }: Pick<WrittenCustom, "hosts" | "rankOrder">): readonly string[] {
  return rankOrder ?? hosts;
}

/** Links side by side are listed one by one; what a link leaves out is its level's. */
export function resolveCustom(topology: WrittenCustom, links: Sections["links"]): CustomTopology {
  const hosts = new Set(topology.hosts);
  const { gpusPerNode, nvSwitches } = topology;
  return {
    kind: "custom",
    hosts: hostsInOrder(topology),
    ...(gpusPerNode > 1 && { gpusPerNode, scaleUp: topology.scaleUp !== false }),
    ...(nvSwitches > 1 && { nvSwitches }),
    switches: topology.switches.map((sw) =>
      typeof sw === "string"
        ? { name: sw, latencyPs: null, bufferBytes: null }
        : { name: sw.name, latencyPs: sw.latency ?? null, bufferBytes: sw.buffer ?? null },
    ),
    links: topology.links.flatMap((link) => {
      const level = hosts.has(link.a) || hosts.has(link.b) ? links.access : links.fabric;
      return new Array<CustomLink>(link.count).fill(customLink(link, level));
    }),
  };
}

function customLink(link: WrittenCustom["links"][number], level: WrittenLevel): CustomLink {
  const rateBps = link.rate ?? level.rate;
  const ownPs = link.latency ?? (link.length === undefined ? undefined : link.length * PS_PER_MM);
  const propagationPs = ownPs ?? level.latency ?? level.length * PS_PER_MM;
  const lengthMm = Math.floor(propagationPs / PS_PER_MM);
  const innerCodePs = link.innerCodeLatency ?? level.innerCodeLatency;
  return {
    a: link.a,
    b: link.b,
    ...(link.cost > 1 && { cost: link.cost }),
    rateBps,
    propagationPs,
    fecPs: (link.fecLatency ?? level.fecLatency ?? fecPsAt(rateBps)) + innerCodePs,
    ber: link.ber ?? level.ber,
    frameLossRatio: link.frameLossRatio ?? level.frameLossRatio,
    retries: link.llr ?? level.llr,
    optic: resolveOptic(link.optic ?? level.optic, rateBps, lengthMm),
    lengthMm,
  };
}
