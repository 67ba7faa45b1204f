/** Which settings make a switch's buffer too small for what is set apart in it. */

import type { Fabric, SwitchSpec } from "../plan/fabric.js";
import type { Scenario } from "../scenario/types/scenario.js";
import type { Path } from "../util/document-path.js";

/**
 * Level of the link of a switch on which the most bytes can be under way: it asks for the most
 * buffer.
 */
export function longestLevel({ firstPort, peerPort, portClass, linkClasses }: Fabric, { device }: SwitchSpec): string {
  let level = "fabric";
  let mostBits = -1;
  for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) {
    const { rateBps, propagationPs, fecPs, level: own } = linkClasses[portClass[peerPort[port]!]!]!;
    const bits = rateBps * (propagationPs + fecPs);
    if (bits > mostBits) [mostBits, level] = [bits, own];
  }
  return level;
}

/**
 * Settings to blame, the buffer and what is set apart first, then the links that ask for it.
 * @param setApart fields of `flowControl`
 */
export function bufferPaths(scenario: Scenario, sw: SwitchSpec, level: string, ...setApart: string[]): Path[] {
  if (sw.level === "nvswitch") {
    return [
      ["switch", "scaleUpBuffer"],
      ["links", "scaleUp", "cell"],
      ["links", "scaleUp", "latency"],
      ["links", "scaleUp"],
      ["switch"],
    ];
  }
  const { topology } = scenario;
  const own = topology.kind === "custom" ? topology.switches.findIndex(({ name }) => name === sw.name) : -1;
  return [
    ...(own < 0 ? [] : [["topology", "switches", own, "buffer"]]),
    ["switch", "buffer"],
    ...setApart.map((field) => ["flowControl", field]),
    ...["length", "latency", "rate"].map((field) => ["links", level, field]),
    ["classes"],
    ["transport", "mtu"],
    ["switch"],
  ];
}
