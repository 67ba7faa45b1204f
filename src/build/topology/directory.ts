import type { Fabric } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import type { LinkName } from "../../scenario/types/faults.js";
import { didYouMean } from "../../scenario/types/suggest.js";

/** Port that the link leaves `from` by. */
export function findLink(directory: Directory, { from, to, index }: LinkName): number {
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
export class Directory {
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

  /**
   * Number of a switch.
   * @throws PlanError where no switch has the name
   */
  switchOf(name: string): number {
    const number = this.fabric.switches.findIndex((sw) => sw.name === name);
    if (number >= 0) return number;
    this.portsOf(name, "switch");
    throw new PlanError(`${name} is no switch; name a switch, e.g. ${this.fabric.switches[0]?.name}`, [["switch"]]);
  }

  /**
   * Number of a rank.
   * @throws PlanError where no rank has the name
   */
  rankOf(name: string): number {
    return this.fabric.nics.rank[this.fabricNicsOf(name, "host")[0]!]!;
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
    if (alike.length === 1) return `; there is ${alike[0]} alone`;
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
