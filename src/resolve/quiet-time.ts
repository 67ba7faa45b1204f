/** After which silence selective recovery takes all that it has sent for lost (MODEL.md §7). */
import type { Fabric } from "../plan/fabric.js";
import type { FlowGraph } from "../plan/flows.js";
import type { FlowControl, RunPlan, Transport, WireFormat } from "../plan/plan.js";
import { longestRttPs } from "./base-rtt.js";

/** What the time follows from. */
type Network = Pick<RunPlan, "fabric" | "wire" | "nicLatencyPs" | "stalls" | "dataClasses"> & {
  readonly flowControl: FlowControl;
  readonly flows: FlowGraph;
};

/**
 * The longest time from the start of a packet's transmission to the processing of its answer,
 * in ps: the unloaded round trip, and at each switch a full queue of full packets before it.
 * Whoever hears nothing for longer than that takes all for lost.
 *
 * 0 where there is no such time: where links pause or repeat frames, where classes compete, where
 * answers wait behind data or the receiver keeps silent (`ackEvery`).
 */
export function quietTimePs(transport: Transport, network: Network): number {
  const { recovery, lostResends, ackEvery } = transport;
  const { fabric, flowControl, wire, stalls, dataClasses } = network;
  if (recovery !== "selective" || lostResends !== "detect" || ackEvery > 1 || wire.ackClass === "data") return 0;
  const mayPause = flowControl.lossless.includes(1) || flowControl.credit !== null || stalls.length > 0;
  const repeats = fabric.linkClasses.some(({ retries, loss }) => retries && loss !== null);
  if (mayPause || repeats || dataClasses.length > 1) return 0;
  const waitPs = queueTimes(fabric, flowControl, wire);
  return Math.ceil(longestRttPs(network, network.flows, waitPs)) + 1;
}

/** By port: what a full queue takes. Tail drop lets it grow to alpha of what it leaves free. */
function queueTimes({ switches, firstPort, portClass, linkClasses }: Fabric, rules: FlowControl, wire: WireFormat) {
  const times = new Float64Array(portClass.length);
  const share = rules.dropAlphaNum / (rules.dropAlphaNum + rules.dropAlphaDen);
  for (const { device, bufferBytes } of switches) {
    for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) {
      const { rateBps, mtuBytes } = linkClasses[portClass[port]!]!;
      const bytes = Math.min(bufferBytes * share, rules.ports.queueLimitBytes[port]!) + mtuBytes + wire.headerBytes;
      times[port] = (bytes * (1 + wire.gapBytes / (mtuBytes + wire.headerBytes)) * 8e12) / rateBps;
    }
  }
  return times;
}
