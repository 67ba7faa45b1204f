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

export type Change = LinkChange | UpChange | RouteChange | ComputeChange;

/** The link classes that a port has at any time of a run, that of the start first. */
export function portClasses({
  changes = [],
  fabric,
}: {
  readonly changes?: readonly Change[];
  readonly fabric: Fabric;
}): (port: number) => readonly number[] {
  const later = new Map<number, Set<number>>();
  for (const change of changes) {
    if (change.kind !== "link") continue;
    const known = later.get(change.port) ?? new Set([fabric.portClass[change.port]!]);
    later.set(change.port, known.add(change.linkClass));
  }
  return (port) => {
    const known = later.get(port);
    return known === undefined ? [fabric.portClass[port]!] : [...known];
  };
}
