/** The links of a custom fabric: ends that exist, links for each host, all in one piece. */

import { MAX_PORTS } from "../../plan/limits.js";
import { type Path, showKey } from "../../util/document-path.js";
import { hasScaleUp } from "../defaults/topology.js";
import type { Sections } from "../schema/sections.js";
import { didYouMean } from "../types/suggest.js";
import type { Message, Rule, RuleContext } from "./rule.js";

type Custom = Extract<Sections["topology"], { kind: "custom" }>;

/** Names that a name which nothing has is compared with. */
const MAX_COMPARED = 1000;

/** Parallel links counted one by one. */
const MAX_LINKS = 2 ** 21;

export const customRules: Rule[] = [
  {
    needs: ["topology"],
    check: ({ topology }, context) => {
      if (topology.kind !== "custom") return;
      const devices = nameDevices(topology, context);
      checkNodes(topology, context);
      if (checkEnds(topology, devices, context)) {
        checkPorts(topology, context);
        checkTables(topology, context);
        checkConnected(topology, devices, context);
      }
    },
  },
];

/** Paths by name. */
function nameDevices(topology: Custom, context: RuleContext): Map<string, Path> {
  const devices = new Map<string, Path>();
  const add = (name: string, path: Path) => {
    if (devices.has(name))
      context.fail([path], `the name ${showKey(name)} is taken; names of hosts and switches must differ`);
    else devices.set(name, path);
  };
  topology.hosts.forEach((name, i) => {
    add(name, ["topology", "hosts", i]);
  });
  topology.switches.forEach((sw, i) => {
    add(typeof sw === "string" ? sw : sw.name, ["topology", "switches", i]);
  });
  return devices;
}

/** Nodes of several hosts, and the order of ranks that they are made in. */
function checkNodes(topology: Custom, context: RuleContext): void {
  const { hosts, rankOrder, gpusPerNode, scaleUp, nvSwitches, switches } = topology;
  if (hosts.length % gpusPerNode !== 0) {
    context.fail(
      [["topology", "gpusPerNode"]],
      `${hosts.length} hosts do not make nodes of ${gpusPerNode}; write a divisor of ${hosts.length}`,
    );
  }
  if (gpusPerNode === 1 && (scaleUp === true || nvSwitches > 1)) {
    const field = scaleUp === true ? "scaleUp" : "nvSwitches";
    context.fail([["topology", field]], "hosts alone have no scale-up network; write gpusPerNode, or leave it out");
  }
  switches.forEach((sw, i) => {
    const name = typeof sw === "string" ? sw : sw.name;
    if (!hasScaleUp(topology) || !/^nvswitch-\d/.test(name)) return;
    context.fail(
      [["topology", "switches", i]],
      `${showKey(name)} is what NVSwitches of nodes are called; write another`,
    );
  });
  if (rankOrder === undefined) return;
  const known = new Set(hosts);
  const left = new Set(hosts);
  rankOrder.forEach((name, i) => {
    const path = ["topology", "rankOrder", i];
    if (!known.has(name)) context.fail([path], `there is no host ${showKey(name)}`);
    else if (!left.delete(name)) context.fail([path], `${showKey(name)} stands twice; name each host once`);
  });
  if (left.size === 0) return;
  const [first] = left;
  context.fail([["topology", "rankOrder"]], `${showKey(first!)} is missing; name each host once`);
}

function checkEnds(topology: Custom, devices: Map<string, Path>, context: RuleContext): boolean {
  const compared = [...devices.keys()].slice(0, MAX_COMPARED);
  let good = true;
  let links = 0;
  topology.links.forEach(({ a, b, count }, i) => {
    const path = ["topology", "links", i];
    const fail = (at: Path, message: Message) => {
      context.fail([at], message);
      good = false;
    };
    for (const [end, name] of Object.entries({ a, b })) {
      if (devices.has(name)) continue;
      fail([...path, end], () => `there is no host or switch ${showKey(name)}${didYouMean(name, compared)}`);
    }
    if (a === b) fail(path, `a link from ${showKey(a)} to itself; name two devices`);
    links += count;
  });
  if (links > MAX_LINKS) {
    context.fail([["topology", "links"]], `${links} links; at most ${MAX_LINKS}`);
    good = false;
  }
  return good;
}

function checkPorts(topology: Custom, context: RuleContext): void {
  const ports = new Map<string, number>();
  for (const { a, b, count } of topology.links) {
    for (const name of [a, b]) ports.set(name, (ports.get(name) ?? 0) + count);
  }
  topology.hosts.forEach((name, i) => {
    const count = ports.get(name) ?? 0;
    const path = ["topology", "hosts", i];
    const own = count + (hasScaleUp(topology) ? topology.nvSwitches : 0);
    if (count === 0) context.fail([path], `host ${showKey(name)} has no link; link it to a switch or host`);
    else if (own > MAX_PORTS) context.fail([path], `host ${showKey(name)} has ${own} ports; at most ${MAX_PORTS}`);
  });
  topology.switches.forEach((sw, i) => {
    const name = typeof sw === "string" ? sw : sw.name;
    const count = ports.get(name) ?? 0;
    if (count > MAX_PORTS) {
      context.fail([["topology", "switches", i]], `switch ${showKey(name)} has ${count} ports; at most ${MAX_PORTS}`);
    }
  });
}

/** Entries of all routing tables, of two bytes: one for each switch and host. */
const MAX_ENTRIES = 2 ** 30;
/**
 * Steps of the search for shortest paths: it goes over all links once for each switch that has
 * hosts.
 */
const MAX_STEPS = 2 ** 31;

/**
 * A listed fabric has no regularity to make use of, so its tables grow as the product of switches
 * and hosts.
 */
function checkTables({ hosts, switches, links }: Custom, context: RuleContext): void {
  const path = ["topology", "switches"];
  const names = new Set(hosts);
  const nics = links.reduce((sum, { a, b, count }) => sum + count * (Number(names.has(a)) + Number(names.has(b))), 0);
  const entries = nics * switches.length;
  if (entries > MAX_ENTRIES) {
    context.fail(
      [path],
      `${switches.length} switches with routes to ${nics} NICs have ${entries} entries in their tables; at most ${MAX_ENTRIES}: write fewer of them, or a regular fabric by its kind`,
    );
    return;
  }
  const leaves = new Set(
    links.flatMap(({ a, b }) => (names.has(a) ? [b] : names.has(b) ? [a] : [])).filter((name) => !names.has(name)),
  );
  const ports = links.reduce((sum, { count }) => sum + 2 * count, 0);
  if (leaves.size * ports <= MAX_STEPS) return;
  context.fail(
    [path],
    `the shortest paths from ${leaves.size} switches with hosts over ${ports} ports take ${leaves.size * ports} steps to find; at most ${MAX_STEPS}: write fewer of them, or a regular fabric by its kind`,
  );
}

function checkConnected(topology: Custom, devices: Map<string, Path>, context: RuleContext): void {
  const neighbours = new Map<string, string[]>([...devices.keys()].map((name) => [name, []]));
  for (const { a, b } of topology.links) {
    neighbours.get(a)!.push(b);
    neighbours.get(b)!.push(a);
  }
  const first = topology.hosts[0]!;
  const reached = new Set([first]);
  for (const name of reached) for (const next of neighbours.get(name)!) reached.add(next);
  const apart = [...devices.keys()].find((name) => !reached.has(name));
  // A host without a link has been reported as such.
  if (apart === undefined || (neighbours.get(apart)!.length === 0 && topology.hosts.includes(apart))) return;
  context.fail(
    [devices.get(apart)!],
    `there is no path from ${showKey(first)} to ${showKey(apart)}; link the parts of the fabric`,
  );
}
