/**
 * What changes while a run lasts (MODEL §3). Changes of one instant take effect in the order of the
 * list, before all events of that instant.
 */

import type { Fabric } from "./fabric.js";

/** A direction takes the rate, the loss and the ECN thresholds of another link class. */
export interface LinkChange {
  readonly kind: "link";
  readonly atPs: number;
  /** Global number of the port by which the direction leaves. */
  readonly port: number;
  /** Index into `Fabric.linkClasses`. Its `downAtPs` is not looked at. */
  readonly linkClass: number;
}

/** A direction that is down carries again. */
export interface UpChange {
  readonly kind: "up";
  readonly atPs: number;
  readonly port: number;
  /** When it goes down the next time; Infinity for never. */
  readonly downAtPs: number;
}

/** Addresses get another group at a switch whose routing is a table. */
export interface RouteChange {
  readonly kind: "route";
  readonly atPs: number;
  /** Number of the switch. */
  readonly switchNumber: number;
  readonly firstAddress: number;
  readonly addressCount: number;
  /** Index into the groups of its table. */
  readonly group: number;
}

/** Computations of a program rank take another factor. */
export interface ComputeChange {
  readonly kind: "compute";
  readonly atPs: number;
  readonly programRank: number;
  readonly factor: number;
}

/** A queue pair goes on over other NICs of the devices at its ends (MODEL §7). */
export interface MoveChange {
  readonly kind: "move";
  readonly atPs: number;
  readonly flow: number;
  /** Those that it has from then on. */
  readonly srcNic: number;
  readonly dstNic: number;
  /** Its link is out: what is not acknowledged is sent again. */
  readonly away: boolean;
}

export type Change = LinkChange | UpChange | RouteChange | ComputeChange | MoveChange;

/** What classes of ports follow from. */
interface Changing {
  readonly changes?: readonly Change[];
  readonly fabric: Fabric;
}

/** Later classes by port, of lists of changes that were asked for before. */
const known = new WeakMap<readonly Change[], ReadonlyMap<number, ReadonlySet<number>>>();

/** The link classes that a port has at any time of a run, that of the start first. */
export function portClasses({ changes = [], fabric }: Changing): (port: number) => readonly number[] {
  const later = known.get(changes) ?? laterClasses(changes);
  known.set(changes, later);
  return (port) => {
    const own = fabric.portClass[port]!;
    const taken = later.get(port);
    return taken === undefined ? [own] : [own, ...[...taken].filter((linkClass) => linkClass !== own)];
  };
}

function laterClasses(changes: readonly Change[]): ReadonlyMap<number, ReadonlySet<number>> {
  const later = new Map<number, Set<number>>();
  for (const change of changes) {
    if (change.kind !== "link") continue;
    const taken = later.get(change.port);
    if (taken === undefined) later.set(change.port, new Set([change.linkClass]));
    else taken.add(change.linkClass);
  }
  return later;
}
