/**
 * Failover (docs/MODEL.md §7, moving): while the link of a NIC is out, its queue pairs go over
 * another NIC of the node. All moves are known before the run, as the faults are.
 */

import { mergeOutages, type Outage } from "../build/topology/outages.js";
import type { MoveChange } from "../plan/changes.js";
import { type Fabric, UNREACHABLE } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import type { RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import { devicesOfPorts } from "../plan/ports.js";
import type { Failover } from "../scenario/types/devices.js";
import { FlowPaths } from "./reach.js";

type Network = Pick<RunPlan, "fabric" | "flows" | "nicLatencyPs" | "messageOverheadPs" | "reduction">;

/** A time in which queue pairs do not use a NIC. */
interface Absence {
  readonly fromPs: number;
  readonly untilPs: number;
}

/** NICs at the ends of a queue pair. */
interface Pair {
  readonly src: number;
  readonly dst: number;
}

/**
 * Moves of all queue pairs, in order of time, then flow.
 * @param outages by port
 * @param failover left out where there is none
 * @throws PlanError where a NIC goes out, and a queue pair of it has no other to go to
 */
export function failoverMoves(
  network: Network,
  outages: ReadonlyMap<number, readonly Outage[]>,
  failover: Failover | undefined,
): MoveChange[] {
  if (failover === undefined) return [];
  const absences = absencesOf(network.fabric, outages, failover);
  if (absences.size === 0) return [];
  const ways = new Ways(network, absences);
  const { flows } = network;
  const moves: MoveChange[] = [];
  /** By NIC that goes out: its queue pairs so far. */
  const turns = new Map<number, number>();
  for (let flow = 0; flow < flows.count; flow++) {
    const home = { src: flows.srcNic[flow]!, dst: flows.dstNic[flow]! };
    if (!absences.has(home.src) && !absences.has(home.dst)) continue;
    const lost = absences.has(home.src) ? home.src : home.dst;
    const turn = turns.get(lost) ?? 0;
    turns.set(lost, turn + 1);
    moves.push(...movesOfFlow(ways, { flow, turn }, home));
  }
  return moves.sort((a, b) => a.atPs - b.atPs || a.flow - b.flow);
}

/** By fabric NIC: when its link is known to be out, in either direction. */
function absencesOf(
  { nics, peerPort }: Fabric,
  outages: ReadonlyMap<number, readonly Outage[]>,
  failover: Failover,
): ReadonlyMap<number, readonly Absence[]> {
  const found = new Map<number, readonly Absence[]>();
  for (let nic = 0; nic < nics.count; nic++) {
    if (nics.isScaleUp[nic] === 1) continue;
    const port = nics.port[nic]!;
    const own = [...(outages.get(port) ?? []), ...(outages.get(peerPort[port]!) ?? [])];
    const absences = absencesIn(mergeOutages(own), failover);
    if (absences.length > 0) found.set(nic, absences);
  }
  return found;
}

/**
 * What is noticed of outages, which are in order and apart: one that lasts longer than it takes to
 * be noticed, until the link was good for long enough without a break.
 */
export function absencesIn(outages: readonly Outage[], { detectPs, recoverPs }: Failover): Absence[] {
  const absences: Absence[] = [];
  for (const { downPs, upPs } of outages) {
    const last = absences.at(-1);
    const untilPs = upPs + recoverPs;
    if (last !== undefined && downPs < last.untilPs) absences[absences.length - 1] = { ...last, untilPs };
    else if (upPs - downPs > detectPs) absences.push({ fromPs: downPs + detectPs, untilPs });
  }
  return absences;
}

/** A flow, and which it is of the queue pairs of the NIC that goes out. */
interface MovedFlow {
  readonly flow: number;
  readonly turn: number;
}

function movesOfFlow(ways: Ways, moved: MovedFlow, home: Pair): MoveChange[] {
  const { flow } = moved;
  const pairs = ways.pairsOf(home, moved);
  const moves: MoveChange[] = [];
  let current = home;
  for (const atPs of ways.bordersOf(pairs)) {
    const isUsable = ({ src, dst }: Pair) => !ways.isAbsent(src, atPs) && !ways.isAbsent(dst, atPs);
    const isOut = !isUsable(current);
    // The home pair is the first.
    const next = isOut || isUsable(home) ? (pairs.find(isUsable) ?? current) : current;
    if (next !== current) {
      moves.push({ kind: "move", atPs, flow, srcNic: next.src, dstNic: next.dst, away: isOut });
    }
    current = next;
  }
  return moves;
}

/** Which NICs may stand in for which. */
class Ways {
  private readonly paths: FlowPaths;
  private readonly component: Int32Array;
  private readonly deviceOfNic: Int32Array;
  private readonly known = new Map<number, readonly number[]>();

  constructor(
    private readonly network: Network,
    private readonly absences: ReadonlyMap<number, readonly Absence[]>,
  ) {
    const { fabric } = network;
    this.paths = new FlowPaths(fabric);
    this.component = componentsOf(fabric, this.paths.switchOfPort);
    const deviceOfPort = devicesOfPorts(fabric);
    const { count, port } = fabric.nics;
    this.deviceOfNic = Int32Array.from({ length: count }, (_, nic) => deviceOfPort[port[nic]!]!);
  }

  isAbsent(nic: number, atPs: number): boolean {
    return (this.absences.get(nic) ?? []).some(({ fromPs, untilPs }) => fromPs <= atPs && atPs < untilPs);
  }

  /**
   * All pairs that a queue pair may take, its own first, in the order in which they are tried.
   * Among pairs that are as good as each other, queue pairs of a NIC begin with one after the
   * other.
   */
  pairsOf(home: Pair, { flow, turn }: MovedFlow): Pair[] {
    if (isMember(this.network, flow)) {
      throw new PlanError("what switches reduce cannot go over another NIC; leave nic.failover out", FAILOVER);
    }
    const pairs = this.standIns(home.src).flatMap((src) => this.standIns(home.dst).map((dst) => ({ src, dst })));
    const others = pairs.filter((pair) => !isSame(pair, home) && this.isJoined(pair));
    if (others.length === 0) {
      const { fabric } = this.network;
      const [from, to] = [home.src, home.dst].map((nic) => fabric.rankName(fabric.nics.rank[nic]!));
      throw new PlanError(
        `no other NICs of ${from}, ${to} or their nodes join the two; write planes: 2, dualHomed: true, ` +
          "or nodes of several GPUs with scaleUp: true",
        FAILOVER,
      );
    }
    const cost = ({ src, dst }: Pair) => this.cost(home.src, src) + this.cost(home.dst, dst);
    const costs = [...new Set(others.map(cost))].sort((a, b) => a - b);
    const groups = costs.map((each) => others.filter((pair) => cost(pair) === each));
    return [home, ...groups.flatMap((group) => rotated(group, turn))];
  }

  /** A NIC of another rank is taken only where there is none of the same. */
  private cost(home: number, other: number): number {
    if (other === home) return 0;
    const { rank } = this.network.fabric.nics;
    return rank[other] === rank[home] ? 1 : 3;
  }

  /** Instants at which any NIC of the pairs goes out or comes back. */
  bordersOf(pairs: readonly Pair[]): number[] {
    const nics = new Set(pairs.flatMap(({ src, dst }) => [src, dst]));
    const borders = new Set<number>();
    for (const nic of nics) {
      for (const { fromPs, untilPs } of this.absences.get(nic) ?? []) borders.add(fromPs).add(untilPs);
    }
    borders.delete(Number.POSITIVE_INFINITY);
    return [...borders].sort((a, b) => a - b);
  }

  /** NICs of the node that are like this one, itself first, in cyclic order. */
  private standIns(nic: number): readonly number[] {
    const known = this.known.get(nic);
    if (known !== undefined) return known;
    const { fabric, nicLatencyPs, messageOverheadPs } = this.network;
    const { nics, linkClasses, portClass } = fabric;
    const mtuOf = (other: number) => linkClasses[portClass[nics.port[other]!]!]!.mtuBytes;
    const alike: number[] = [];
    for (let i = 0; i < nics.count; i++) {
      const other = (nic + i) % nics.count;
      if (this.deviceOfNic[other] !== this.deviceOfNic[nic] || nics.isScaleUp[other] === 1) continue;
      if (nicLatencyPs[other] !== nicLatencyPs[nic] || mtuOf(other) !== mtuOf(nic)) continue;
      if (messageOverheadPs?.[other] !== messageOverheadPs?.[nic]) continue;
      alike.push(other);
    }
    this.known.set(nic, alike);
    return alike;
  }

  private isJoined({ src, dst }: Pair): boolean {
    const [from, to] = [this.paths.leafOf(src), this.paths.leafOf(dst)];
    if (src === dst || from < 0 || to < 0 || this.component[from] !== this.component[to]) return false;
    return this.leads(from, dst) && this.leads(to, src);
  }

  private leads(sw: number, nic: number): boolean {
    const { switches, nics } = this.network.fabric;
    const { routing } = switches[sw]!;
    return routing.kind !== "table" || routing.groupOf[nics.address[nic]!] !== UNREACHABLE;
  }
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}

const FAILOVER = [["nic", "failover"]];

function isSame(a: Pair, b: Pair): boolean {
  return a.src === b.src && a.dst === b.dst;
}

function isMember({ reduction }: Pick<Network, "reduction">, flow: number): boolean {
  return reduction !== undefined && reduction.operationOf[flow]! >= 0;
}

/** By switch: a number that those have in common which links join. */
function componentsOf({ switches, firstPort, peerPort }: Fabric, switchOfPort: Int32Array): Int32Array {
  const component = new Int32Array(switches.length).fill(-1);
  for (let first = 0; first < switches.length; first++) {
    if (component[first] !== -1) continue;
    const waiting = [first];
    component[first] = first;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const { device } = switches[at]!;
      for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) {
        const next = switchOfPort[peerPort[port]!]!;
        if (next < 0 || component[next] !== -1) continue;
        component[next] = first;
        waiting.push(next);
      }
    }
  }
  return component;
}

/** How many queue pairs go elsewhere and come back in a run, and when the first ones do. */
export interface Moved {
  readonly away: number;
  readonly awayPs: number;
  readonly back: number;
  readonly backPs: number;
}

/** Moves of the queue pairs that are at home at a NIC, up to an instant. */
export function movedFrom(
  { changes = [], flows }: { readonly changes?: RunPlan["changes"]; readonly flows: FlowGraph },
  nics: readonly number[],
  untilPs: number,
): Moved {
  const [away, back] = [new Map<number, number>(), new Map<number, number>()];
  for (const change of changes) {
    if (change.kind !== "move" || change.atPs > untilPs) continue;
    const { flow, srcNic, dstNic, atPs } = change;
    const [src, dst] = [flows.srcNic[flow]!, flows.dstNic[flow]!];
    if (!nics.includes(src) && !nics.includes(dst)) continue;
    const list = srcNic === src && dstNic === dst ? back : away;
    if (!list.has(flow)) list.set(flow, atPs);
  }
  const first = (times: ReadonlyMap<number, number>) => Math.min(...times.values());
  return { away: away.size, awayPs: first(away), back: back.size, backPs: first(back) };
}
