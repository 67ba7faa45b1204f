import type { Fabric } from "../../plan/fabric.js";
import type { RunPlan } from "../../plan/plan.js";
import { devicesOfPorts } from "../../plan/ports.js";
import { WireTimes } from "./wire-time.js";

/**
 * A plan with the look-ups that walking it needs. Built once per plan, in time linear in its ports.
 */
export interface PlanView {
  readonly plan: RunPlan;
  readonly fabric: Fabric;
  readonly wires: WireTimes;
  readonly deviceOfPort: Uint32Array;
  /** NIC at a global port, -1 at switch ports. */
  readonly nicOfPort: Int32Array;
  /** Switch number of a device, -1 for hosts. */
  readonly switchOfDevice: Int32Array;
}

export function viewPlan(plan: RunPlan): PlanView {
  const { fabric } = plan;
  const deviceOfPort = devicesOfPorts(fabric);
  const nicOfPort = new Int32Array(fabric.peerPort.length).fill(-1);
  for (let nic = 0; nic < fabric.nics.count; nic++) nicOfPort[fabric.nics.port[nic]!] = nic;
  const switchOfDevice = new Int32Array(fabric.deviceCount).fill(-1);
  fabric.switches.forEach((spec, number) => {
    switchOfDevice[spec.device] = number;
  });
  return { plan, fabric, wires: new WireTimes(plan), deviceOfPort, nicOfPort, switchOfDevice };
}

/** Switch that a port belongs to, or -1. */
export function switchAt(view: PlanView, port: number): number {
  return view.switchOfDevice[view.deviceOfPort[port]!]!;
}

/** Propagation and FEC of the direction that leaves a port, in ps. */
export function flightPs(view: PlanView, port: number): number {
  const { propagationPs, fecPs } = view.fabric.linkClasses[view.fabric.portClass[port]!]!;
  return propagationPs + fecPs;
}

/**
 * From the arrival of a packet's last bit over the link that leaves `port` to its effect: switch or
 * NIC latency, in ps.
 */
export function effectPs(view: PlanView, port: number): number {
  const peer = view.fabric.peerPort[port]!;
  const nic = view.nicOfPort[peer]!;
  return nic >= 0 ? view.plan.nicLatencyPs[nic]! : view.fabric.switches[switchAt(view, peer)]!.latencyPs;
}
