import type { Fabric, SwitchLevel } from "../../plan/fabric.js";
import { opticRow } from "../../plan/parts/optics.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import { linkGroups } from "./link-groups.js";

/** What a fabric is made of. */
export interface TopologyCounts {
  /** Its kind. */
  readonly kind: string;
  /** GPUs, one rank each. */
  readonly gpus: number;
  /** Nodes that the GPUs are in. */
  readonly nodes: number;
  /** Switches of the scale-out fabric. */
  readonly switches: number;
  /** Switches of the scale-up networks. */
  readonly nvSwitches: number;
  /** Links of the scale-out fabric, access links included. */
  readonly links: number;
  /** Links of the scale-up networks. */
  readonly scaleUpLinks: number;
  /** Two for each optical link, one at each end. */
  readonly transceivers: number;
}

export interface LevelCounts {
  readonly switches: ReadonlyMap<SwitchLevel, number>;
  /** By level of links. */
  readonly links: ReadonlyMap<string, { readonly links: number; readonly transceivers: number }>;
}

/** Switches, links and transceivers by level. */
export function countLevels(scenario: Scenario, fabric: Fabric): LevelCounts {
  const switches = new Map<SwitchLevel, number>();
  for (const { level } of fabric.switches) switches.set(level, (switches.get(level) ?? 0) + 1);
  const links = new Map<string, { links: number; transceivers: number }>();
  for (const { level, count, optic } of linkGroups(scenario, fabric)) {
    const perLink = optic === null || opticRow(optic).isOptical ? 2 : 0;
    const sum = links.get(level) ?? { links: 0, transceivers: 0 };
    links.set(level, { links: sum.links + count, transceivers: sum.transceivers + count * perLink });
  }
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
    nodes: fabric.rankCount / topologyFacts(topology).gpusPerNode,
    switches: fabric.switches.length - nvSwitches,
    nvSwitches,
    links: sum("links") - scaleUpLinks,
    scaleUpLinks,
    transceivers: sum("transceivers"),
  };
}
