import type { Fabric } from "../../plan/fabric.js";
import { PlanError, PlanFaults } from "../../plan/plan-error.js";
import type { LinkDegrades, TimelineEntry } from "../../plan/timeline.js";
import type { DegradedLink, Fault, LinkDown, NicStallFault } from "../../scenario/types/scenario.js";
import { didYouMean } from "../../scenario/types/suggest.js";
import { formatQuantity } from "../../scenario/types/units.js";
import { type LinkParameters, parametersOf } from "./link-classes.js";

type LinkFault = DegradedLink | LinkDown;

/** A fault and what it is at. */
export type LocatedFault =
  | { readonly fault: LinkFault; readonly ports: readonly number[] }
  | { readonly fault: NicStallFault; readonly nics: readonly number[] };

/**
 * Faults in the order of the scenario, with the egress ports of the directions that they concern,
 * or the NIC.
 * @throws PlanError where a fault names a link or rank that does not exist.
 */
export function locateFaults(fabric: Fabric, faults: readonly Fault[]): LocatedFault[] {
  if (faults.length === 0) return [];
  const directory = new Directory(fabric);
  return faults.map((fault) => locate(fabric, directory, fault));
}

function locate(fabric: Fabric, directory: Directory, fault: Fault): LocatedFault {
  if (fault.kind === "nic-stall") return { fault, nics: directory.fabricNicsOf(fault.host, "host") };
  const port = findLink(directory, fault);
  const isOneWay = fault.kind === "degraded-link" && fault.direction === "forward";
  return { fault, ports: isOneWay ? [port] : [port, fabric.peerPort[port]!] };
}

/**
 * What faults do to a fabric, as a timeline in the order of the scenario. Faults of one direction
 * that say different things of it add up.
 * @param fabric without faults
 * @throws PlanError where a fault names a link or rank that does not exist, would make a link
 * better, or says what another one has said of the same direction.
 */
export function timelineOf(fabric: Fabric, faults: readonly Fault[]): readonly TimelineEntry[] {
  if (faults.length === 0) return [];
  const directory = new Directory(fabric);
  const wrong = new PlanFaults();
  const told = new Told();
  const timeline: TimelineEntry[] = [];
  for (const [number, fault] of faults.entries()) {
    if (wrong.isFull) break;
    wrong.attempt(() => {
      const located = locate(fabric, directory, fault);
      told.check(located);
      timeline.push(...entriesOf(fabric, located));
    }, ["faults", number]);
  }
  wrong.throwIfAny();
  return timeline;
}

/** @throws PlanError where the fault would make a link better */
function entriesOf(fabric: Fabric, located: LocatedFault): readonly TimelineEntry[] {
  if ("nics" in located) {
    const { startPs, untilPs, bufferBytes } = located.fault;
    return located.nics.map((nic) => ({ atPs: startPs, nic, change: { kind: "stall", untilPs, bufferBytes } }));
  }
  const { fault, ports } = located;
  return ports.map((port): TimelineEntry => {
    if (fault.kind === "link-down") return { atPs: fault.startPs, port, change: { kind: "down" } };
    checkWorse(fault, parametersOf(fabric.linkClasses[fabric.portClass[port]!]!));
    const { rateBps, ber, frameLossRatio } = fault;
    const change: LinkDegrades = {
      kind: "degrade",
      ...(rateBps !== null && { rateBps }),
      ...(ber !== null && { ber }),
      ...(frameLossRatio !== null && { frameLossRatio }),
    };
    return { atPs: 0, port, change };
  });
}

type Statement = "rate" | "ber" | "frameLossRatio" | "start";

/** What a fault says of its link. */
function statements(fault: LinkFault): readonly Statement[] {
  if (fault.kind === "link-down") return ["start"];
  const { rateBps, ber, frameLossRatio } = fault;
  return [
    ...(rateBps === null ? [] : (["rate"] as const)),
    ...(ber === null ? [] : (["ber"] as const)),
    ...(frameLossRatio === null ? [] : (["frameLossRatio"] as const)),
  ];
}

/** What faults have said so far of links and NICs, each of which may be said once. */
class Told {
  readonly #ofPorts = new Set<string>();
  readonly #ofNics = new Set<number>();

  /** @throws PlanError where the fault says what another one has said */
  check(located: LocatedFault): void {
    if ("nics" in located) {
      const { nics, fault } = located;
      const nic = nics[0]!;
      if (this.#ofNics.has(nic)) {
        throw new PlanError(`two nic-stall faults are at ${fault.host}; a NIC stalls once: write one of them`);
      }
      this.#ofNics.add(nic);
      return;
    }
    for (const what of statements(located.fault)) {
      for (const port of located.ports) {
        if (this.#ofPorts.has(`${port} ${what}`)) throw saidTwice(located.fault, what);
        this.#ofPorts.add(`${port} ${what}`);
      }
    }
  }
}

function saidTwice({ kind, from, to }: LinkFault, what: Statement): PlanError {
  return new PlanError(
    `two ${kind} faults state the ${what} of the link between ${from} and ${to}; ` +
      "faults of one link add up only where they state different things: write one of them",
    [[what]],
  );
}

/** @throws PlanError where the link is better than a fault would have it. */
function checkWorse({ from, to, rateBps, ber, frameLossRatio }: DegradedLink, link: Required<LinkParameters>): void {
  const refuse = (field: string, stated: string, own: string) => {
    throw new PlanError(
      `the degraded link between ${from} and ${to} has a ${field} of ${stated}, better than the ${own} of the link; ` +
        "a fault makes a link worse: write a worse value, or change the link",
      [[field]],
    );
  };
  if (rateBps !== null && rateBps > link.rateBps) {
    refuse("rate", formatQuantity("rate", rateBps), formatQuantity("rate", link.rateBps));
  }
  if (ber !== null && ber < link.ber) refuse("ber", `${ber}`, `${link.ber}`);
  if (frameLossRatio !== null && frameLossRatio < link.frameLossRatio) {
    refuse("frameLossRatio", `${frameLossRatio}`, `${link.frameLossRatio}`);
  }
}

/** Port that the link leaves `from` by. */
function findLink(directory: Directory, { from, to, index }: LinkFault): number {
  const ports = directory.portsOf(from, "from");
  directory.portsOf(to, "to");
  const links = directory.portsBetween(from, to);
  if (links.length === 0) {
    const peers = [...new Set(ports.map((port) => directory.nameAcross(port)))];
    throw new PlanError(`there is no link between ${from} and ${to}; ${from} is linked to ${summary(peers)}`);
  }
  const port = links[index];
  if (port === undefined) {
    const count = links.length === 1 ? "is one link" : `are ${links.length} links`;
    throw new PlanError(
      `there ${count} between ${from} and ${to}; write an index from 0 to ${links.length - 1}, not ${index}`,
      [["index"]],
    );
  }
  return port;
}

/** Devices and ranks by the names that people give them: a GPU has the ports of its NICs. */
class Directory {
  private readonly owner: string[] = [];
  private readonly ports = new Map<string, number[]>();
  /** By rank's name. */
  private readonly fabricNics = new Map<string, number[]>();
  /** By name, then by name of the peer. Made for the names that are asked for. */
  private readonly links = new Map<string, Map<string, number[]>>();

  constructor(private readonly fabric: Fabric) {
    const { nics, switches, firstPort } = fabric;
    for (let nic = 0; nic < nics.count; nic++) {
      const name = fabric.rankName(nics.rank[nic]!);
      this.add(name, nics.port[nic]!);
      if (nics.isScaleUp[nic] === 1) continue;
      const known = this.fabricNics.get(name);
      if (known === undefined) this.fabricNics.set(name, [nic]);
      else known.push(nic);
    }
    for (const { device, name } of switches) {
      for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) this.add(name, port);
    }
  }

  /**
   * @param field of the fault that has the name
   * @throws PlanError where no device has it
   */
  portsOf(name: string, field: string): readonly number[] {
    const ports = this.ports.get(name);
    if (ports !== undefined) return ports;
    throw new PlanError(`there is no device ${JSON.stringify(name)}${this.hintFor(name)}`, [[field]]);
  }

  /** The ports of a device whose links lead to another, in order. */
  portsBetween(from: string, to: string): readonly number[] {
    let byPeer = this.links.get(from);
    if (byPeer === undefined) {
      byPeer = new Map();
      for (const port of this.ports.get(from) ?? []) {
        const peer = this.nameAcross(port);
        const known = byPeer.get(peer);
        if (known === undefined) byPeer.set(peer, [port]);
        else known.push(port);
      }
      this.links.set(from, byPeer);
    }
    return byPeer.get(to) ?? [];
  }

  /**
   * The fabric NICs of a rank: the ports of its NIC.
   * @throws PlanError where no rank has the name
   */
  fabricNicsOf(name: string, field: string): readonly number[] {
    this.portsOf(name, field);
    const nics = this.fabricNics.get(name);
    if (nics !== undefined) return nics;
    throw new PlanError(`${name} is a switch, and has no NIC; name a GPU or host`, [[field]]);
  }

  /** Name at the other end of the link. */
  nameAcross(port: number): string {
    return this.owner[this.fabric.peerPort[port]!]!;
  }

  /** What may have been meant by a name that nothing with links has. */
  private hintFor(name: string): string {
    const gpus = this.ranksOf(name);
    if (gpus.length > 0) return ` with links of its own; its GPUs are ${summary(gpus)}`;
    const names = [...this.ports.keys()];
    const kind = kindOf(name);
    const alike = kind === name ? [] : names.filter((other) => kindOf(other) === kind);
    if (alike.length > 0) return `; there are ${alike[0]} to ${alike.at(-1)}`;
    // Names of the same number first: among 32,768 GPUs the leaf that was meant would come too
    // late.
    const number = name.slice(kind.length);
    const sameNumber = number === "" ? [] : names.filter((other) => other.slice(kindOf(other).length) === number);
    const guess = didYouMean(name, sameNumber) || didYouMean(name, names.slice(0, MAX_COMPARED));
    return guess || `; there are ${summary(kindsOf(names))}`;
  }

  /** Names of the ranks of a host device; none where the name is not one's. */
  private ranksOf(name: string): string[] {
    const { deviceCount, deviceName, firstPort, nics, rankName } = this.fabric;
    let device = 0;
    while (device < deviceCount && deviceName(device) !== name) device += 1;
    if (device === deviceCount) return [];
    const ranks = new Set<number>();
    for (let nic = 0; nic < nics.count; nic++) {
      const port = nics.port[nic]!;
      if (port >= firstPort[device]! && port < firstPort[device + 1]!) ranks.add(nics.rank[nic]!);
    }
    return [...ranks].map(rankName);
  }

  private add(name: string, port: number): void {
    this.owner[port] = name;
    const ports = this.ports.get(name);
    if (ports === undefined) this.ports.set(name, [port]);
    else ports.push(port);
  }
}

/** The first name of each kind: `gpu-0`, `leaf-0`, … */
function kindsOf(names: readonly string[]): string[] {
  const first = new Map<string, string>();
  for (const name of names) {
    const kind = kindOf(name);
    if (!first.has(kind)) first.set(kind, name);
  }
  return [...first.values()];
}

/** A name without its number: `leaf-` of `leaf-3`. */
function kindOf(name: string): string {
  return name.replace(/\d+$/, "");
}

/**
 * Names that a slip is compared with, so that a mistake is reported at once in large fabrics too.
 */
const MAX_COMPARED = 1000;
const MAX_LISTED = 8;

function summary(names: readonly string[]): string {
  if (names.length <= MAX_LISTED) return names.join(", ");
  return `${names.slice(0, MAX_LISTED - 2).join(", ")}, … ${names.at(-1)}`;
}
