/** The fabrics of the cases as custom topologies. */

export interface HtsimFabric {
  readonly tiers: number;
  readonly hosts: number;
  readonly podHosts: number;
  readonly hostsPerLeaf: number;
  readonly uplinks: number;
  /** Links of an aggregation switch to the core. */
  readonly coreUplinks: number;
  readonly linkLatencyNs: number;
  readonly switchLatencyNs: number;
}

/** 400 Gb/s everywhere. */
export function topologyOf(fabric: HtsimFabric): object {
  const { hosts, hostsPerLeaf, uplinks } = fabric;
  const leaves = hosts / hostsPerLeaf;
  const switches: string[] = [];
  const links: object[] = [];
  const join = (a: string, b: string) => links.push({ a, b, latency: `${fabric.linkLatencyNs}ns`, fecLatency: "0ns" });
  for (let leaf = 0; leaf < leaves; leaf++) {
    switches.push(`leaf${leaf}`);
    for (let i = 0; i < hostsPerLeaf; i++) join(`h${leaf * hostsPerLeaf + i}`, `leaf${leaf}`);
  }
  const podLeaves = fabric.podHosts / hostsPerLeaf;
  for (let pod = 0; pod < leaves / podLeaves; pod++) {
    for (let up = 0; up < uplinks; up++) {
      const upper = `${fabric.tiers === 2 ? "spine" : "agg"}${pod * uplinks + up}`;
      switches.push(upper);
      for (let i = 0; i < podLeaves; i++) join(`leaf${pod * podLeaves + i}`, upper);
      for (let i = 0; i < fabric.coreUplinks; i++) join(upper, `core${up * fabric.coreUplinks + i}`);
    }
  }
  for (let core = 0; core < uplinks * fabric.coreUplinks; core++) switches.push(`core${core}`);
  return { kind: "custom", hosts: Array.from({ length: hosts }, (_, i) => `h${i}`), switches, links };
}
