import type { Outcome } from "../../plan/outcome.js";
import type { PlanView } from "../ideal/view.js";

/** Time that a port took to transmit all that it did, in ps. */
export function busyPs({ fabric }: PlanView, { ports }: Outcome, port: number): number {
  return ports.txBytes[port]! * (8e12 / fabric.linkClasses[fabric.portClass[port]!]!.rateBps);
}

/** Serialization of the largest data packet at a port, in ps. */
export function fullPacketPs({ fabric, wires }: PlanView, port: number): number {
  const linkClass = fabric.portClass[port]!;
  return wires.dataPs(linkClass, fabric.linkClasses[linkClass]!.mtuBytes);
}
