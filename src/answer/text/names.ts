import { type PlanView, switchAt } from "../ideal/view.js";

/** Name of a rank where hosts have no names of their own. */
export function usualName(rank: number): string {
  return `gpu-${rank}`;
}

/** Name of the end of a link: the rank behind a NIC, or the switch. */
export function endName({ fabric, nicOfPort, deviceOfPort }: PlanView, port: number): string {
  const nic = nicOfPort[port]!;
  return nic >= 0 ? fabric.rankName(fabric.nics.rank[nic]!) : fabric.deviceName(deviceOfPort[port]!);
}

/**
 * Name of the link direction that leaves a port: `leaf-0 -> spine-1`, and `#2` where it is not the
 * first of parallel links.
 */
export function linkName(view: PlanView, port: number): string {
  const index = parallelIndex(view, port);
  const suffix = index === undefined || index === 0 ? "" : ` #${index}`;
  return `${endName(view, port)} -> ${endName(view, view.fabric.peerPort[port]!)}${suffix}`;
}

/**
 * Which of the links between the same two switches this is, from 0; undefined where there is one,
 * or where one end is a NIC.
 */
export function parallelIndex(view: PlanView, port: number): number | undefined {
  const { fabric, deviceOfPort } = view;
  if (switchAt(view, port) < 0 || switchAt(view, fabric.peerPort[port]!) < 0) return undefined;
  const device = deviceOfPort[port]!;
  const peerOf = (p: number) => deviceOfPort[fabric.peerPort[p]!]!;
  let index = 0;
  let count = 0;
  for (let other = fabric.firstPort[device]!; other < fabric.firstPort[device + 1]!; other++) {
    if (peerOf(other) !== peerOf(port)) continue;
    count += 1;
    if (other < port) index += 1;
  }
  return count > 1 ? index : undefined;
}
