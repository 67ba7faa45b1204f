import type { Scenario } from "../types/scenario.js";
import { topologyFacts } from "../types/topology-facts.js";
import type { Hardware } from "./system.js";

/** What NCCL's model asks of a scenario's fabric, for a collective over some ranks. */
export function hardwareOf(
  { topology, links }: Pick<Scenario, "topology" | "links">,
  ranks: number,
  ranksPerNode: number,
): Hardware {
  const facts = topologyFacts(topology);
  const hasScaleUp = facts.hasScaleUp && ranksPerNode > 1;
  const nicRateBps = topology.kind === "custom" ? slowestHostBps(topology) : facts.portsPerGpu * links.access.rateBps;
  return { ranks, ranksPerNode, scaleUpRateBps: hasScaleUp ? links.scaleUp.rateBps : 0, nicRateBps };
}

function slowestHostBps({ hosts, links }: Extract<Scenario["topology"], { kind: "custom" }>): number {
  const rates = new Map(hosts.map((host) => [host, 0]));
  for (const { a, b, rateBps } of links) {
    for (const end of [a, b]) if (rates.has(end)) rates.set(end, rates.get(end)! + rateBps);
  }
  return [...rates.values()].reduce((least, rateBps) => Math.min(least, rateBps), Number.POSITIVE_INFINITY);
}
