import type { Fabric, Way } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import type { CustomLink, CustomTopology, Scenario } from "../../scenario/types/scenario.js";
import { topologyFacts } from "../../scenario/types/topology-facts.js";
import { FabricBuilder } from "./builder.js";
import { type CustomPort, cheapestWays } from "./cheapest-ways.js";
import { addScaleUp } from "./scale-up.js";
import { shortestPathTables } from "./shortest-paths.js";
import type { SwitchGraph } from "./switch-graph.js";

/** One end of a link, in the order in which the links name their devices. */
interface End {
  readonly link: number;
  readonly peer: string;
  /** Local port at the other end. */
  readonly peerPort: number;
}

/**
 * A fabric listed link by link: a device per host, then the switches, in the order of the lists, at
 * last the NVSwitches of nodes. Ports of a device are numbered in the order in which the links name
 * it; those to NVSwitches follow. Each link of a host ends at a NIC of its own.
 */
export function buildCustom(scenario: Scenario, topology: CustomTopology): Fabric {
  const { hosts, switches, links, nvSwitches = 1 } = topology;
  const { hasScaleUp, gpusPerNode } = topologyFacts(topology);
  const ends = endsByDevice(topology);
  const switchNumber = new Map(switches.map(({ name }, number) => [name, number]));
  const builder = new FabricBuilder();
  const firstPort = new Map<string, number>();
  const hostPorts: CustomPort[][] = [];
  const scaleUpPorts: number[] = [];
  let address = 0;
  hosts.forEach((name, rank) => {
    const own = ends.get(name)!;
    const port = builder.addHosts(name, own.length + (hasScaleUp ? nvSwitches : 0));
    firstPort.set(name, port);
    hostPorts.push(
      own.map(({ link, peer, peerPort }, i) => {
        builder.addNic({ port: port + i, rank, address, isScaleUp: false });
        const sw = switchNumber.get(peer) ?? -1;
        return { address: address++, sw, port: peerPort, own: i, peer, cost: links[link]!.cost ?? 1 };
      }),
    );
    for (let i = 0; hasScaleUp && i < nvSwitches; i++) {
      const up = port + own.length + i;
      builder.addNic({ port: up, rank, address: rank % gpusPerNode, isScaleUp: true });
      scaleUpPorts.push(up);
    }
  });

  const graph = graphOf(topology, ends, switchNumber, hostPorts.flat());
  const tables = shortestPathTables(graph);
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
  connectAll(builder, scenario, links, firstPort, switchNumber);
  if (hasScaleUp) addScaleUp(builder, scenario, { firstNode: 0, gpusPerNode, nvSwitches, ports: scaleUpPorts });
  const fabric = builder.build(hosts.length, (rank) => hosts[rank]!);
  const isSimple = hostPorts.every((ports) => ports.length === 1 && ports[0]!.sw >= 0);
  return isSimple ? fabric : withWays(fabric, graph, hosts, hostPorts);
}

function graphOf(
  { switches, links }: CustomTopology,
  ends: ReadonlyMap<string, readonly End[]>,
  switchNumber: ReadonlyMap<string, number>,
  attachments: readonly CustomPort[],
): SwitchGraph {
  const own = switches.map(({ name }) => ends.get(name)!);
  const neighbours = own.map((list) => list.map(({ peer }) => switchNumber.get(peer) ?? -1));
  if (links.every(({ cost }) => cost === undefined)) return { neighbours, attachments };
  return { neighbours, attachments, costs: own.map((list) => list.map(({ link }) => links[link]!.cost ?? 1)) };
}

/** Messages take the cheapest pairs of NICs. */
function withWays(
  fabric: Fabric,
  graph: SwitchGraph,
  hosts: readonly string[],
  hostPorts: readonly (readonly CustomPort[])[],
): Fabric {
  const { nics } = fabric;
  const nicOf = new Map<number, number>();
  for (let nic = 0; nic < nics.count; nic++) if (nics.isScaleUp[nic] === 0) nicOf.set(nics.address[nic]!, nic);
  const pairs = cheapestWays(graph, hosts, hostPorts);
  return {
    ...fabric,
    waysOf: (from, to) => pairs(from, to).map(([src, dst]): Way => ({ src: nicOf.get(src)!, dst: nicOf.get(dst)! })),
  };
}

function connectAll(
  builder: FabricBuilder,
  { transport }: Scenario,
  links: readonly CustomLink[],
  firstPort: ReadonlyMap<string, number>,
  switchNumber: ReadonlyMap<string, number>,
): void {
  const nextPort = new Map(firstPort);
  const takePort = (name: string) => {
    const port = nextPort.get(name)!;
    nextPort.set(name, port + 1);
    return port;
  };
  for (const link of links) {
    const level = switchNumber.has(link.a) && switchNumber.has(link.b) ? "fabric" : "access";
    const { a, b, cost: _, ...parameters } = link;
    const linkClass = builder.classes.of({ ...parameters, level, mtuBytes: transport.mtuBytes });
    builder.connect(takePort(a), takePort(b), linkClass);
  }
}

function endsByDevice({ hosts, switches, links }: CustomTopology): Map<string, End[]> {
  const ends = new Map<string, End[]>();
  for (const name of [...hosts, ...switches.map((sw) => sw.name)]) {
    if (ends.has(name)) throw new PlanError(`two devices have the name ${name}; names must differ`);
    ends.set(name, []);
  }
  links.forEach(({ a, b }, link) => {
    const [ofA, ofB] = [a, b].map((name) => {
      const own = ends.get(name);
      if (own === undefined) throw new PlanError(`a link names ${name}, but there is no such host or switch`);
      return own;
    });
    const [portA, portB] = [ofA!.length, ofB!.length];
    ofA!.push({ link, peer: b, peerPort: portB });
    ofB!.push({ link, peer: a, peerPort: portA });
  });
  return ends;
}
