import type { LinkClass } from "../plan/fabric.js";
import type { WireFormat } from "../plan/plan.js";

/** An ingress port of a switch with PFC, and what bounds how late its peer stops. */
export interface PausedLink {
  /** From the peer to this switch. */
  readonly incoming: LinkClass;
  /** From this switch to the peer: the way of the pause frame. */
  readonly outgoing: LinkClass;
  /** Pipeline latency of this switch. */
  readonly latencyPs: number;
  /** From the arrival of a pause frame to its effect. */
  readonly pauseResponsePs: number;
  /** Data classes, each of which pauses and resumes by itself. */
  readonly classes: number;
}

/**
 * Frames that may leave before a pause: the pause and the resume before it, when they came in quick
 * succession. Longer trains take a port that is resumed after every packet, and packets smaller
 * than two frames: a threshold of zero without resume offset. Of another data class there may be
 * one more.
 */
const FRAMES_AHEAD = 2;

/**
 * Headroom of a data class of an ingress port, in accounted bytes, with which PFC loses no packet:
 * the most that can be admitted from the packet that triggers a pause on, by the rules of
 * docs/MODEL.md.
 *
 * Let that packet take effect at time 0. Its last bit left the peer at `-(p + f + l)`: propagation
 * and FEC of the incoming direction and the pipeline latency. The pause frame waits for the largest
 * packet that may be in transmission on the outgoing direction (`w`), and for the frames ahead of
 * it. Then it is sent (`s` each), propagates (`p'`, `f'`) and takes effect after the response time
 * `r`. With `c` data classes there are as many frames of each. Until then the peer may start
 * packets, back to back:
 *
 *     T = (p + f + l) + w + 3cs + p' + f' + r
 *
 * Those that end within `T` are at most `T` times the rate, less gaps; one more starts at its very
 * end. With the packet that triggered the pause, and in whole packets of the largest size `M`:
 * `(ceil(T / time of M) + 2) * M`. All of it may have to stay in headroom, for the dynamic
 * threshold can fall to nothing meanwhile.
 */
export function losslessHeadroomBytes(link: PausedLink, wire: WireFormat): number {
  const { incoming, outgoing, latencyPs, pauseResponsePs, classes } = link;
  const busyPs = ceilPs(largestWireBytes(outgoing, wire), outgoing.rateBps);
  const framePs = ceilPs(wire.pauseBytes + wire.gapBytes, outgoing.rateBps);
  const framesPs = classes * (FRAMES_AHEAD + 1) * framePs;
  const stopsPs = busyPs + framesPs + outgoing.propagationPs + outgoing.fecPs + pauseResponsePs;
  const openPs = incoming.propagationPs + incoming.fecPs + latencyPs + stopsPs;
  // Truncated serialization lets a packet pass a little faster than the rate.
  const packetPs = Math.max(1, Math.floor((largestWireBytes(incoming, wire) * 8e12) / incoming.rateBps));
  return (Math.ceil(openPs / packetPs) + 2) * largestAccountedBytes(incoming, wire);
}

/**
 * Headroom as the ns-3 RDMA simulators have it: three times rate times delay, of which they round
 * the latter product down to bytes.
 */
export function ns3HeadroomBytes({ rateBps, propagationPs }: LinkClass): number {
  return 3 * Math.floor((rateBps * propagationPs) / 8e12);
}

/** Largest packet of any class on a link, gap included. */
export function largestWireBytes({ mtuBytes }: LinkClass, { headerBytes, gapBytes, ackBytes }: WireFormat): number {
  return Math.max(mtuBytes + headerBytes, ackBytes) + gapBytes;
}

/** Largest packet of the data class, as buffers count it. */
export function largestAccountedBytes({ mtuBytes }: LinkClass, wire: WireFormat): number {
  return Math.max(mtuBytes + wire.headerBytes, wire.ackClass === "data" ? wire.ackBytes : 0);
}

/** Time that `bytes` take at a rate, rounded up. */
export function ceilPs(bytes: number, rateBps: number): number {
  return Math.ceil((bytes * 8e12) / rateBps);
}
