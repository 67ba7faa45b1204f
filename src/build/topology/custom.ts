import type { Fabric } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import type { CustomLink, CustomTopology, Scenario } from "../../scenario/types/scenario.js";
import { FabricBuilder } from "./builder.js";
import { shortestPathTables } from "./shortest-paths.js";

/** One end of a link, in the order in which the links name their devices. */
interface End {
  readonly link: number;
  readonly peer: string;
}

/**
 * A fabric listed link by link: a device per host, then the switches, in the order of the lists.
 * Ports of a device are numbered in the order in which the links name it.
 */
export function buildCustom(scenario: Scenario, topology: CustomTopology): Fabric {
  const { hosts, switches, links } = topology;
  const ends = endsByDevice(topology);
  const switchNumber = new Map(switches.map(({ name }, number) => [name, number]));
  for (const name of hosts) {
    const count = ends.get(name)!.length;
    if (count !== 1) throw new PlanError(`host ${name} has ${count} links; a host has exactly one`);
    const { peer } = ends.get(name)![0]!;
    if (!switchNumber.has(peer)) throw new PlanError(`host ${name} is linked to ${peer}; link each host to a switch`);
  }

  const tables = shortestPathTables({
    neighbours: switches.map(({ name }) => ends.get(name)!.map(({ peer }) => switchNumber.get(peer) ?? -1)),
    attachments: hosts.map((name) => {
      const { link, peer } = ends.get(name)![0]!;
      return { sw: switchNumber.get(peer)!, port: ends.get(peer)!.findIndex((end) => end.link === link) };
    }),
  });

  const builder = new FabricBuilder();
  const firstPort = new Map<string, number>();
  hosts.forEach((name, rank) => {
    const port = builder.addHosts(name, 1);
    firstPort.set(name, port);
    builder.addNic({ port, rank, address: rank, isScaleUp: false });
  });
  switches.forEach(({ name, latencyPs, bufferBytes }, number) => {
    const spec = {
      name,
      level: "switch",
      latencyPs: latencyPs ?? scenario.switch.latencyPs,
      bufferBytes: bufferBytes ?? scenario.switch.bufferBytes,
      routing: tables[number]!,
    } as const;
    firstPort.set(name, builder.addSwitch(spec, ends.get(name)!.length));
  });
  const nextPort = new Map(firstPort);
  const takePort = (name: string) => {
    const port = nextPort.get(name)!;
    nextPort.set(name, port + 1);
    return port;
  };
  for (const link of links) {
    const level = isAccess(link, switchNumber) ? "access" : "fabric";
    const { a, b, ...parameters } = link;
    const linkClass = builder.classes.of({ ...parameters, level, mtuBytes: scenario.transport.mtuBytes });
    builder.connect(takePort(a), takePort(b), linkClass);
  }
  return builder.build(hosts.length, (rank) => hosts[rank]!);
}

function isAccess({ a, b }: CustomLink, switchNumber: ReadonlyMap<string, number>): boolean {
  return !switchNumber.has(a) || !switchNumber.has(b);
}

function endsByDevice({ hosts, switches, links }: CustomTopology): Map<string, End[]> {
  const ends = new Map<string, End[]>();
  for (const name of [...hosts, ...switches.map((sw) => sw.name)]) {
    if (ends.has(name)) throw new PlanError(`two devices have the name ${name}; names must differ`);
    ends.set(name, []);
  }
  links.forEach(({ a, b }, link) => {
    for (const [name, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const own = ends.get(name);
      if (own === undefined) throw new PlanError(`a link names ${name}, but there is no such host or switch`);
      own.push({ link, peer });
    }
  });
  return ends;
}
