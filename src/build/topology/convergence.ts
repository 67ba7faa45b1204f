/**
 * How routing follows links that go down and come back: a switch stops using a port that leads
 * nowhere, at once or a time after it lost its light; all others follow later. Tables of each time
 * are found before the run, so they depend on nothing that happens in it.
 */

import type { RouteChange } from "../../plan/changes.js";
import type { Fabric, SwitchSpec } from "../../plan/fabric.js";
import { switchesOfPorts } from "../../plan/ports.js";
import type { Convergence } from "../../scenario/types/scenario.js";
import { mergeOutages, type Outage } from "./outages.js";
import { blocksOf, RoutingTables } from "./routing-tables.js";

/** A link that leaves or comes back into use, as the switches at its ends or all others see it. */
interface News {
  readonly atPs: number;
  readonly isLocal: boolean;
  readonly isOut: boolean;
  /** The two ports of the link. */
  readonly ports: readonly [number, number];
}

export interface Converged {
  /** Switches whose routes change have tables. */
  readonly switches: readonly SwitchSpec[];
  readonly changes: readonly RouteChange[];
}

/**
 * Changes of routes. A port to a next hop is used while its link is not known to be out, and the
 * next hop still leads on. Where a switch is left with none, it keeps those of the healthy network.
 * @param fabric in which nothing is down
 * @param outages by port
 */
export function converge(
  fabric: Fabric,
  outages: ReadonlyMap<number, readonly Outage[]>,
  convergence: Convergence,
): Converged {
  const news = newsOf(fabric, outages, convergence);
  if (news.length === 0) return { switches: fabric.switches, changes: [] };
  const routing = new Rerouting(fabric);
  for (const each of news) routing.hear(each);
  return { switches: routing.tables.switches(), changes: routing.tables.changes };
}

/** In order of time, then port; of links between switches, for only they have alternatives. */
function newsOf(
  fabric: Fabric,
  outages: ReadonlyMap<number, readonly Outage[]>,
  { localPs, globalPs }: Convergence,
): News[] {
  const switchAt = switchesOfPorts(fabric);
  const news: News[] = [];
  for (const port of outages.keys()) {
    const peer = fabric.peerPort[port]!;
    if (switchAt[port]! < 0 || switchAt[peer]! < 0 || (peer < port && outages.has(peer))) continue;
    const down = mergeOutages([...outages.get(port)!, ...(outages.get(peer) ?? [])]);
    for (const [delayPs, isLocal] of [
      [localPs, true],
      [globalPs, false],
    ] as const) {
      for (const { downPs, upPs } of heardOf(down, delayPs)) {
        news.push({ atPs: downPs, isLocal, isOut: true, ports: [port, peer] });
        if (upPs < Number.POSITIVE_INFINITY) news.push({ atPs: upPs, isLocal, isOut: false, ports: [port, peer] });
      }
    }
  }
  return news.sort((a, b) => a.atPs - b.atPs || a.ports[0] - b.ports[0] || Number(b.isLocal) - Number(a.isLocal));
}

/**
 * Outages as they are heard of after a delay: a state that does not last for longer than it takes
 * to be heard of is not. Empty where nothing ever is.
 */
export function heardOf(outages: readonly Outage[], delayPs: number): Outage[] {
  if (delayPs === Number.POSITIVE_INFINITY) return [];
  const heard: Outage[] = [];
  for (const { downPs, upPs } of outages.filter((outage) => outage.upPs - outage.downPs > delayPs)) {
    const last = heard.at(-1);
    if (last !== undefined && downPs <= last.upPs) heard[heard.length - 1] = { ...last, upPs: upPs + delayPs };
    else heard.push({ downPs: downPs + delayPs, upPs: upPs + delayPs });
  }
  return heard;
}

/** What is known of links at some time, and the routes that follow from it. */
class Rerouting {
  readonly tables: RoutingTables;
  private readonly switchAt: Int32Array;
  private readonly blocks;
  /** Ports whose link is out for their own switch, and for all. */
  private readonly outHere = new Set<number>();
  private readonly outForAll = new Set<number>();
  /** Switch and block where, as all know, nothing leads on. */
  private readonly cutOff = new Set<number>();

  constructor(private readonly fabric: Fabric) {
    this.tables = new RoutingTables(fabric);
    this.switchAt = switchesOfPorts(fabric);
    this.blocks = blocksOf(fabric, this.switchAt);
  }

  hear({ atPs, isLocal, isOut, ports }: News): void {
    const known = isLocal ? this.outHere : this.outForAll;
    for (const port of ports) {
      if (isOut) known.add(port);
      else known.delete(port);
    }
    for (const port of ports) {
      const sw = this.switchAt[port]!;
      this.blocks.forEach(({ edge, firstAddress }, block) => {
        if (edge === sw || !this.tables.nextPorts(sw, firstAddress).includes(port)) return;
        this.update(sw, block);
        if (!isLocal) this.spread(sw, block);
      });
    }
    this.tables.flush(atPs);
  }

  /** Finds the group of a switch for a block of addresses anew. */
  private update(sw: number, block: number): void {
    const { firstAddress, addressCount } = this.blocks[block]!;
    const all = this.tables.nextPorts(sw, firstAddress);
    const usable = all.filter((port) => !this.outHere.has(port) && !this.isCutOff(port, block));
    this.tables.set(sw, firstAddress, addressCount, usable.length === 0 ? all : usable);
  }

  /** Whether the link is in use as all know, and the next switch has a way. */
  private leadsOn(port: number, block: number): boolean {
    return !this.outForAll.has(port) && !this.isCutOff(port, block);
  }

  /** Whether the next switch has no way, as all know. */
  private isCutOff(port: number, block: number): boolean {
    const next = this.switchAt[this.fabric.peerPort[port]!]!;
    return next >= 0 && this.cutOff.has(this.key(next, block));
  }

  /** Lets those before a switch know whether it leads on. */
  private spread(sw: number, block: number): void {
    const { edge, firstAddress } = this.blocks[block]!;
    if (sw === edge) return;
    const isCutOff = !this.tables.nextPorts(sw, firstAddress).some((port) => this.leadsOn(port, block));
    const key = this.key(sw, block);
    if (isCutOff === this.cutOff.has(key)) return;
    if (isCutOff) this.cutOff.add(key);
    else this.cutOff.delete(key);
    const { device } = this.fabric.switches[sw]!;
    for (let port = this.fabric.firstPort[device]!; port < this.fabric.firstPort[device + 1]!; port++) {
      const before = this.fabric.peerPort[port]!;
      const other = this.switchAt[before]!;
      if (other < 0 || !this.tables.nextPorts(other, firstAddress).includes(before)) continue;
      this.update(other, block);
      this.spread(other, block);
    }
  }

  private key(sw: number, block: number): number {
    return sw * this.blocks.length + block;
  }
}
