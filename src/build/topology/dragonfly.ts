import { type Fabric, type TableRouting, UNREACHABLE } from "../../plan/fabric.js";
import { SWITCH_LEVELS } from "../../plan/levels.js";
import { ROUTING } from "../../plan/policies/routing.js";
import { laneCount } from "../../scenario/types/lanes.js";
import type { DragonflyTopology, LinkLevel, Scenario } from "../../scenario/types/scenario.js";
import { FabricBuilder } from "./builder.js";
import { GlobalLinks } from "./global-links.js";
import { levelParameters } from "./link-classes.js";
import { addScaleUp } from "./scale-up.js";

/**
 * A dragonfly (Kim, Dally, Scott and Abts, ISCA 2008): groups of `a` routers, each with `p` hosts,
 * a link to every other router of its group, and `h` links to other groups. Ports of a router are
 * those of its hosts, then those to the routers of its group in order, then the global ones.
 *
 * Tables have minimal ways: at most one link inside the first group, one between groups, one inside
 * the last. A router that has links to the other group takes them; else it hands over to the
 * routers of its group that have.
 */
export function buildDragonfly(scenario: Scenario, topology: DragonflyTopology): Fabric {
  const { a, p, groups } = topology;
  const builder = new FabricBuilder();
  const hostPorts = addNodes(builder, scenario, topology);
  const globals = new GlobalLinks(topology);
  const { latencyPs, bufferBytes } = scenario.switch;
  const routers: number[] = [];
  for (let router = 0; router < a * groups; router++) {
    const [group, own] = [Math.floor(router / a), router % a];
    const spec = {
      name: `group-${group}-${SWITCH_LEVELS.router.prefix}-${own}`,
      ...({ level: "router", latencyPs, bufferBytes } as const),
      routing: routingOf(topology, globals, group, own),
    };
    routers.push(builder.addSwitch(spec, p + a - 1 + globals.countAt(own)));
  }
  const classOf = (level: string, link: LinkLevel) =>
    builder.classes.of(levelParameters(level, link, scenario.transport.mtuBytes));
  const { access, local, global } = scenario.links;
  const [accessClass, localClass, globalClass] = [
    classOf("access", access),
    classOf("local", local!),
    classOf("global", global!),
  ];
  hostPorts.forEach((port, rank) => {
    builder.connect(port, routers[Math.floor(rank / p)]! + (rank % p), accessClass);
  });
  for (let group = 0; group < groups; group++) {
    for (let from = 0; from < a; from++) {
      for (let to = from + 1; to < a; to++) {
        const [left, right] = [routers[group * a + from]!, routers[group * a + to]!];
        builder.connect(left + p + to - 1, right + p + from, localClass);
      }
    }
    for (const { own, other, otherGroup } of globals.of(group)) {
      if (otherGroup < group) continue;
      const left = routers[group * a + own.router]! + p + a - 1 + own.port;
      const right = routers[otherGroup * a + other.router]! + p + a - 1 + other.port;
      builder.connect(left, right, globalClass);
    }
  }
  const fabric = builder.build(a * p * groups, (rank) => `gpu-${rank}`);
  return ROUTING[scenario.routing.policy].detours ? withDetours(fabric, scenario, topology) : fabric;
}

/** A group of routers has an address of its own, with the next hops of its hosts. */
function withDetours(fabric: Fabric, scenario: Scenario, topology: DragonflyTopology): Fabric {
  const { a, p, groups } = topology;
  const hostsPerGroup = a * p;
  const firstVia = hostsPerGroup * groups;
  const groupOfSwitch = new Int32Array(fabric.switches.length).fill(-1);
  const first = fabric.switches.findIndex(({ level }) => level === "router");
  const switches = fabric.switches.map((spec, number) => {
    if (spec.level !== "router" || spec.routing.kind !== "table") return spec;
    const own = Math.floor((number - first) / a);
    groupOfSwitch[number] = own;
    const groupOf = new Uint16Array(firstVia + groups).fill(UNREACHABLE);
    groupOf.set(spec.routing.groupOf);
    for (let group = 0; group < groups; group++) {
      if (group !== own) groupOf[firstVia + group] = groupOf[group * hostsPerGroup]!;
    }
    return { ...spec, routing: { ...spec.routing, groupOf } };
  });
  return {
    ...fabric,
    switches,
    detours: { groups, groupOfSwitch, hostsPerGroup, firstVia, lanes: laneCount(scenario) },
  };
}

/** Nodes with their NVSwitches. @returns The fabric port of each rank. */
function addNodes(builder: FabricBuilder, scenario: Scenario, topology: DragonflyTopology): number[] {
  const { a, p, groups, gpusPerNode, scaleUp, nvSwitches = 1 } = topology;
  const portsPerRank = 1 + (scaleUp ? nvSwitches : 0);
  const hostPorts: number[] = [];
  const scaleUpPorts: number[] = [];
  for (let node = 0; node * gpusPerNode < a * p * groups; node++) {
    const first = builder.addHosts(`node-${node}`, gpusPerNode * portsPerRank);
    for (let local = 0; local < gpusPerNode; local++) {
      const rank = node * gpusPerNode + local;
      const port = first + local * portsPerRank;
      hostPorts.push(port);
      builder.addNic({ port, rank, address: rank, isScaleUp: false });
      for (let i = 1; i < portsPerRank; i++) {
        builder.addNic({ port: port + i, rank, address: local, isScaleUp: true });
        scaleUpPorts.push(port + i);
      }
    }
  }
  if (scaleUp) addScaleUp(builder, scenario, { firstNode: 0, gpusPerNode, nvSwitches, ports: scaleUpPorts });
  return hostPorts;
}

/** Groups of ports: a host each, a router of the own group each, another group of routers each. */
function routingOf(topology: DragonflyTopology, globals: GlobalLinks, group: number, own: number): TableRouting {
  const { a, p, groups } = topology;
  const localPort = (router: number) => p + (router < own ? router : router - 1);
  const groupOf = new Uint16Array(a * p * groups).fill(UNREACHABLE);
  const candidates: number[][] = [];
  const route = (first: number, count: number, ports: number[]) => {
    groupOf.fill(candidates.push(ports) - 1, first, first + count);
  };
  for (let router = 0; router < a; router++) {
    const first = (group * a + router) * p;
    if (router !== own) route(first, p, [localPort(router)]);
    else for (let host = 0; host < p; host++) route(first + host, 1, [host]);
  }
  for (let other = 0; other < groups; other++) {
    if (other === group) continue;
    const ways = globals.between(group, other);
    const direct = ways.filter(({ router }) => router === own).map(({ port }) => p + a - 1 + port);
    const over = [...new Set(ways.map(({ router }) => router))].sort((x, y) => x - y).map(localPort);
    route(other * a * p, a * p, direct.length > 0 ? direct.sort((x, y) => x - y) : over);
  }
  return { kind: "table", groups: candidates, groupOf, pinDivisor: 1 };
}
