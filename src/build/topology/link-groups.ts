import type { Fabric } from "../../plan/fabric.js";
import { LONG_HAUL } from "../../plan/levels.js";
import type { OpticName } from "../../plan/parts/optics.js";
import type { Links, Scenario, SitesTopology } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";

/** Links of one level that have the same parts at their ends. */
export interface LinkGroup {
  readonly level: string;
  readonly count: number;
  readonly rateBps: number;
  readonly lengthMm: number;
  /** Null where no part has the rate and the length. */
  readonly optic: OpticName | null;
  /** Links that share a port of the switch at one end, and its module. */
  readonly breakout: number;
}

/** Every link of a fabric, as it is bought: faults do not change what it is made of. */
export function linkGroups(scenario: Scenario, fabric: Fabric): readonly LinkGroup[] {
  const { topology, links } = scenario;
  if (topology.kind === "custom") return customGroups(scenario);
  const groups = levelGroups(links, fabric);
  return topology.kind === "multi-datacenter" ? [...groups, ...longGroups(topology)] : groups;
}

function levelGroups(levels: Links, fabric: Fabric): LinkGroup[] {
  const byClass = new Uint32Array(fabric.linkClasses.length);
  fabric.peerPort.forEach((peer, port) => {
    // The lower port speaks for the link; both directions are of one level, whatever their classes.
    if (port < peer) byClass[fabric.portClass[port]!]! += 1;
  });
  const counts = new Map<string, number>();
  fabric.linkClasses.forEach(({ level }, linkClass) => {
    counts.set(level, (counts.get(level) ?? 0) + byClass[linkClass]!);
  });
  return [...counts].flatMap(([level, count]) => {
    const own = levels[level as keyof Links];
    if (own === undefined) return [];
    const { rateBps, lengthMm, optic, breakout } = own;
    return [{ level, count, rateBps, lengthMm, optic, breakout }];
  });
}

function longGroups({ between }: SitesTopology): LinkGroup[] {
  return between.map(({ count, link: { rateBps, lengthMm, optic } }) => ({
    ...{ level: LONG_HAUL, count, rateBps, lengthMm, optic },
    breakout: 1,
  }));
}

function customGroups({ topology, links }: Scenario): LinkGroup[] {
  if (topology.kind !== "custom") return [];
  const hosts = new Set(topology.hosts);
  const groups = new Map<string, LinkGroup>();
  if (topologyFacts(topology).hasScaleUp) {
    const { rateBps, lengthMm, optic } = links.scaleUp;
    const count = hosts.size * (topology.nvSwitches ?? 1);
    groups.set("scaleUp", { level: "scaleUp", count, rateBps, lengthMm, optic, breakout: 1 });
  }
  for (const { a, b, rateBps, lengthMm, optic } of topology.links) {
    const level = hosts.has(a) || hosts.has(b) ? "access" : "fabric";
    const breakout = level === "access" ? links.access.breakout : 1;
    const key = JSON.stringify([level, rateBps, lengthMm, optic]);
    const count = (groups.get(key)?.count ?? 0) + 1;
    groups.set(key, { level, count, rateBps, lengthMm, optic, breakout });
  }
  return [...groups.values()];
}
