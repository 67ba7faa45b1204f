/** What the fixed window of a transport costs on an empty network. */
import { capacityBoundPs } from "../ideal/capacity.js";
import type { FlowTimes } from "../ideal/certain.js";
import { criticalPathPs } from "../ideal/critical-path.js";
import { flowTimes } from "../ideal/flow-times.js";
import { memberPath } from "../ideal/member-path.js";
import { routesBetween } from "../ideal/path.js";
import { leastOf, type Train, trainOf, trainPs } from "../ideal/unloaded.js";
import type { PlanView } from "../ideal/view.js";
import { serializationPs } from "../ideal/wire-time.js";

/**
 * A lower bound, in ps, of this flow graph's time on an empty network, with at most `windowPackets`
 * packets of a queue pair under way. 0 where windows have no limit.
 *
 * Packet `n` starts at the sender no sooner than the answer to packet `n - w` has come, a round
 * trip after that packet's start. The packets before it must have left, too. So the packet with
 * number `n` starts at least `floor(n / w)` round trips and `n mod w` serializations after the
 * first.
 */
export function windowBoundPs(view: PlanView): number {
  const { plan } = view;
  if (plan.transport.windowPackets === 0) return 0;
  const times = Array.from({ length: plan.flows.count }, (_, flow) => windowedTimes(view, flow));
  return Math.round(Math.max(criticalPathPs(plan, times), capacityBoundPs(view, times)));
}

function windowedTimes(view: PlanView, flow: number): FlowTimes | undefined {
  const certain = flowTimes(view, flow);
  // The windows of operations are those of switches, which the transport knows nothing of.
  if (memberPath(view, flow) !== undefined) return certain;
  const { chunks } = view.plan.flows;
  const all = trainOf(view, flow, chunks[flow]!);
  if (certain === undefined || packetsOf(all) <= view.plan.transport.windowPackets) return certain;
  const rttPs = roundTripPs(view, flow, all);
  return {
    ...certain,
    chunkPs: Math.max(certain.chunkPs, windowedPs(view, flow, trainOf(view, flow, 1), rttPs)),
    flowPs: Math.max(certain.flowPs, windowedPs(view, flow, all, rttPs)),
  };
}

/** From posting a train to its last delivery. */
function windowedPs(view: PlanView, flow: number, train: Train, rttPs: number): number {
  const { plan, fabric, wires } = view;
  const before = packetsOf(train) - 1;
  const turns = Math.floor(before / plan.transport.windowPackets);
  const spacingPs = wires.dataPs(fabric.portClass[sourcePort(view, flow)]!, smallestBytes(train));
  const { routes } = routesBetween(view, plan.flows.srcNic[flow]!, plan.flows.dstNic[flow]!);
  const oneWayPs = leastOf(routes, (route) => trainPs(view, route, onePacket(train.lastBytes)));
  return turns * rttPs + (before % plan.transport.windowPackets) * spacingPs + oneWayPs;
}

/** Least time from the start of a data packet's transmission to the processing of its answer. */
function roundTripPs(view: PlanView, flow: number, train: Train): number {
  const { plan, fabric } = view;
  const { ackBytes, gapBytes, serialization } = plan.wire;
  const src = plan.flows.srcNic[flow]!;
  const dst = plan.flows.dstNic[flow]!;
  const data = onePacket(smallestBytes(train));
  const therePs = leastOf(routesBetween(view, src, dst).routes, (route) => trainPs(view, route, data));
  const backPs = leastOf(routesBetween(view, dst, src).routes, ({ fixedPs, classes }) =>
    classes.reduce(
      (sum, linkClass) =>
        sum + serializationPs(ackBytes + gapBytes, fabric.linkClasses[linkClass]!.rateBps, serialization),
      fixedPs,
    ),
  );
  // What is posted waits for the latency of its NIC. The next packet of a window, and an answer, do
  // not.
  return therePs + backPs - plan.nicLatencyPs[src]! - plan.nicLatencyPs[dst]!;
}

function sourcePort({ plan, fabric }: PlanView, flow: number): number {
  return fabric.nics.port[plan.flows.srcNic[flow]!]!;
}

function packetsOf({ fullPackets, chunks }: Train): number {
  return fullPackets + chunks;
}

/** Payload of the smallest packet that another one may wait for. */
function smallestBytes({ mtuBytes, lastBytes, chunks }: Train): number {
  return chunks === 1 ? mtuBytes : lastBytes;
}

function onePacket(bytes: number): Train {
  return { mtuBytes: bytes, lastBytes: bytes, fullPackets: 0, chunks: 1 };
}
