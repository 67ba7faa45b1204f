/** Devices and ports of a run that one copy of what is alike is simulated on. */
import { type Classes, firstOf } from "./classes.js";
import { Sets } from "./sets.js";

/**
 * A port of the smaller fabric. It is both directions of a link where switches are looked at as a
 * whole; otherwise one direction that leaves a switch, or one that arrives there: directions meet
 * at NICs only.
 */
export interface SmallPort {
  /** Classes of the directions that leave and arrive here; -1 for none. */
  readonly out: number;
  readonly in: number;
  /** The port of the whole fabric that it is made after, by whose number it is ordered. */
  readonly model: number;
}

export interface SmallDevice {
  readonly isSwitch: boolean;
  /** In the order of their models. */
  readonly ports: readonly SmallPort[];
}

export interface Skeleton {
  readonly devices: readonly SmallDevice[];
  /** Classes of ranks, in the order of their models. */
  readonly ranks: readonly number[];
  /** Classes of flows, in the order of their models. */
  readonly flows: readonly number[];
}

export function skeletonOf(classes: Classes, inPart: readonly number[]): Skeleton {
  const { firstPort, firstRank, firstSwitch, whole } = classes.parts;
  const order = (numbers: number[]) => numbers.sort((a, b) => firstOf(classes, a) - firstOf(classes, b));
  const flows = order(inPart.filter((number) => firstOf(classes, number) < firstPort));
  const links = inPart.filter((number) => {
    const part = firstOf(classes, number);
    return part >= firstPort && part < firstRank;
  });
  const ranks = order(
    inPart.filter((number) => {
      const part = firstOf(classes, number);
      return part >= firstRank && part < firstSwitch;
    }),
  );
  const switches = whole
    ? order(inPart.filter((number) => firstOf(classes, number) >= firstSwitch)).map((number) => ({
        isSwitch: true,
        ports: groupPorts(classes, number),
      }))
    : piecesOf(classes, flows, links);
  const devices = [...hostDevices(classes, ranks), ...switches];
  devices.sort((a, b) => a.ports[0]!.model - b.ports[0]!.model);
  return { devices, ranks, flows };
}

/** Ports of a rank or switch, as those of the first of its class. */
function groupPorts(classes: Classes, number: number): SmallPort[] {
  const { classOf, parts } = classes;
  const { memberFirst, members, firstRank, firstPort, usage } = parts;
  const group = firstOf(classes, number) - firstRank;
  return Array.from(members.subarray(memberFirst[group], memberFirst[group + 1]), (place) => {
    const model = usage.ports[place]!;
    const peer = firstPort + usage.placeOf[usage.plan.fabric.peerPort[model]!]!;
    return { out: classOf[firstPort + place]!, in: classOf[peer]!, model };
  });
}

/** Ranks whose models share a device share one. */
function hostDevices(classes: Classes, ranks: readonly number[]): SmallDevice[] {
  const byDevice = new Map<number, SmallPort[]>();
  for (const number of ranks) {
    const ports = groupPorts(classes, number);
    const device = classes.parts.usage.deviceOf[ports[0]!.model]!;
    byDevice.set(device, [...(byDevice.get(device) ?? []), ...ports]);
  }
  return [...byDevice.values()].map((ports) => ({ isSwitch: false, ports: inOrder(ports) }));
}

/**
 * Switches cut into pieces between which no packet goes: directions that arrive, and those that
 * what arrives goes on by.
 */
function piecesOf(classes: Classes, flows: readonly number[], links: readonly number[]): SmallDevice[] {
  const { classOf, parts } = classes;
  const { usage, firstPort } = parts;
  const { wayFirst, hopPort, placeOf } = usage;
  // Ends of directions: 2c is where those of class c leave, 2c + 1 where they arrive.
  const ends = new Sets(2 * classes.count);
  for (const number of flows) {
    const flow = firstOf(classes, number);
    for (let way = 2 * flow; way < 2 * flow + 2; way++) {
      for (let hop = wayFirst[way]! + 1; hop < wayFirst[way + 1]!; hop++) {
        const from = classOf[firstPort + placeOf[hopPort[hop - 1]!]!]!;
        const to = classOf[firstPort + placeOf[hopPort[hop]!]!]!;
        ends.join(2 * from + 1, 2 * to);
      }
    }
  }
  const pieces = new Map<number, SmallPort[]>();
  const add = (end: number, port: SmallPort) => {
    const root = ends.rootOf(end);
    const ports = pieces.get(root);
    if (ports === undefined) pieces.set(root, [port]);
    else ports.push(port);
  };
  for (const number of links) {
    const { leaves, arrives } = lowestEnds(classes, number);
    if (usage.nicOf[leaves]! < 0) add(2 * number, { out: number, in: -1, model: leaves });
    if (usage.nicOf[arrives]! < 0) add(2 * number + 1, { out: -1, in: number, model: arrives });
  }
  return [...pieces.values()].map((ports) => ({ isSwitch: true, ports: inOrder(ports) }));
}

/** The lowest port that a direction of the class leaves by, and the lowest that one arrives by. */
function lowestEnds({ parts, first, members }: Classes, number: number) {
  const { usage, firstPort } = parts;
  let [leaves, arrives] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = first[number]!; i < first[number + 1]!; i++) {
    const port = usage.ports[members[i]! - firstPort]!;
    leaves = Math.min(leaves, port);
    arrives = Math.min(arrives, usage.plan.fabric.peerPort[port]!);
  }
  return { leaves, arrives };
}

function inOrder(ports: SmallPort[]): SmallPort[] {
  return ports.sort((a, b) => a.model - b.model);
}
