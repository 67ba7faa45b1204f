import type { Fabric, SwitchLevel } from "../../plan/fabric.js";
import type { Scenario } from "../../scenario/types/scenario.js";

/** What a fabric is made of. */
export interface TopologyCounts {
  readonly kind: string;
  readonly gpus: number;
  readonly nodes: number;
  /** Of the scale-out fabric. */
  readonly switches: number;
  readonly nvSwitches: number;
  /** Links of the scale-out fabric, access links included. */
  readonly links: number;
  readonly scaleUpLinks: number;
  /** Two for each optical link, one at each end. */
  readonly transceivers: number;
}

export interface LevelCounts {
  readonly switches: ReadonlyMap<SwitchLevel, number>;
  /** By level of links. */
  readonly links: ReadonlyMap<string, { readonly links: number; readonly transceivers: number }>;
}

/** Cables with their ends: there is no transceiver to count. */
const COPPER: ReadonlySet<string> = new Set(["dac", "aec"]);

/** Switches, links and transceivers by level. */
export function countLevels({ links: levels }: Scenario, fabric: Fabric): LevelCounts {
  const switches = new Map<SwitchLevel, number>();
  for (const { level } of fabric.switches) switches.set(level, (switches.get(level) ?? 0) + 1);
  const byClass = new Uint32Array(fabric.linkClasses.length);
  fabric.peerPort.forEach((peer, port) => {
    // The lower port speaks for the link; both directions are of one level, whatever their classes.
    if (port < peer) byClass[fabric.portClass[port]!]! += 1;
  });
  const links = new Map<string, { links: number; transceivers: number }>();
  fabric.linkClasses.forEach(({ level }, linkClass) => {
    const count = byClass[linkClass]!;
    const perLink = COPPER.has(levels[level as keyof typeof levels].optic) ? 0 : 2;
    const sum = links.get(level) ?? { links: 0, transceivers: 0 };
    links.set(level, { links: sum.links + count, transceivers: sum.transceivers + count * perLink });
  });
  return { switches, links };
}

export function countTopology(scenario: Scenario, fabric: Fabric): TopologyCounts {
  const { topology } = scenario;
  const { links, switches } = countLevels(scenario, fabric);
  const nvSwitches = switches.get("nvswitch") ?? 0;
  const scaleUpLinks = links.get("scaleUp")?.links ?? 0;
  const sum = (key: "links" | "transceivers") => [...links.values()].reduce((total, level) => total + level[key], 0);
  return {
    kind: topology.kind,
    gpus: fabric.rankCount,
    nodes: topology.kind === "custom" ? fabric.rankCount : fabric.rankCount / topology.gpusPerNode,
    switches: fabric.switches.length - nvSwitches,
    nvSwitches,
    links: sum("links") - scaleUpLinks,
    scaleUpLinks,
    transceivers: sum("transceivers"),
  };
}
