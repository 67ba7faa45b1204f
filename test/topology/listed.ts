import { buildFabric } from "../../src/build/topology/index.js";
import type { Fabric } from "../../src/plan/fabric.js";
import type { Scenario } from "../../src/scenario/types/scenario.js";

/**
 * The fabric of a scenario, written down link by link. Its switches and links have one kind each.
 */
export function listed(scenario: Scenario) {
  const fabric = buildFabric(scenario);
  const name = namesByPort(fabric);
  const links: { a: string; b: string }[] = [];
  // Lower tiers come first, so that every device names its ports in the order that they have.
  fabric.peerPort.forEach((peer, port) => {
    if (port < peer) links.push({ a: name[port]!, b: name[peer]! });
  });
  return {
    kind: "custom",
    hosts: Array.from({ length: fabric.rankCount }, (_, rank) => fabric.rankName(rank)),
    switches: fabric.switches.map((sw) => sw.name),
    links,
  };
}

function namesByPort({ peerPort, nics, switches, firstPort, rankName }: Fabric): string[] {
  const names = new Array<string>(peerPort.length).fill("");
  for (let nic = 0; nic < nics.count; nic++) names[nics.port[nic]!] = rankName(nics.rank[nic]!);
  for (const { device, name } of switches) names.fill(name, firstPort[device]!, firstPort[device + 1]!);
  return names;
}
