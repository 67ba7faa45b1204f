import type { WireFormat } from "../../src/plan/plan.js";
import type { SwitchPort } from "./switch.js";

/** What a switch port says of itself when a data packet's transmission begins. */
export interface PortReport {
  readonly port: number;
  readonly timePs: number;
  /** Serialization of what is queued behind the packet. */
  readonly queuedPs: number;
  /** Serialization of everything that the port has transmitted before. */
  readonly busyPs: number;
}

/** Credit of a QP since its beginning. */
export interface Credit {
  spentBytes: number;
  wantedBytes: number;
  /** In quanta. */
  granted: number;
}

const noCredit = (): Credit => ({ spentBytes: 0, wantedBytes: 0, granted: 0 });

/** A packet or a frame. */
export interface Packet {
  readonly kind: "data" | "trimmed" | "ack" | "nack" | "cnp" | "pull" | "notice" | "pause" | "resume" | "update";
  readonly trafficClass: "frame" | "control" | "data";
  readonly wireBytes: number;
  /** What it takes of a switch's buffer. */
  readonly accountedBytes: number;
  readonly flow: number;
  /** Data: its number. ACK and NACK: the next packet that the receiver expects. */
  readonly number: number;
  /** Selective ACK: the packet that caused it. */
  readonly cause: number;
  /** Address of the NIC it goes to. */
  readonly destination: number;
  /** Data: a switch has marked it. ACK and NACK: a packet that they answer was marked. */
  marked: boolean;
  /**
   * Data: start of its transmission at the NIC. ACK and NACK: that of the packet that caused it.
   */
  sentPs: number;
  /** What switches hash where senders spray; an answer has that of the packet that caused it. */
  entropy: number;
  /** Data: of the switch ports on its way so far. ACK and NACK: of the packet that caused them. */
  readonly reports: PortReport[];
  /** Data: of its QP. ACK, NACK and pull: what the receiver has granted. */
  readonly credit: Credit;
  /** Group of routers over which it goes; -1 for none. */
  via: number;
  /** Lane of the link that it takes, or waits for, and of the one that it came by. */
  lane: number;
  ingressLane: number;
  /** Port by which it entered the switch it is in. */
  ingress: SwitchPort | null;
  /** Credit update: blocks that may have been sent since the beginning. */
  limitBlocks: number;
  /** Frame: the data class that it is for. */
  readonly frameClass: number | "all";
}

/** A data packet of `payloadBytes`. */
export function dataPacket(
  wire: WireFormat,
  flow: number,
  number: number,
  payloadBytes: number,
  destination: number,
): Packet {
  const accountedBytes = payloadBytes + wire.headerBytes;
  const wireBytes = accountedBytes + wire.gapBytes;
  return {
    kind: "data",
    trafficClass: "data",
    wireBytes,
    accountedBytes,
    flow,
    number,
    cause: -1,
    destination,
    marked: false,
    sentPs: 0,
    entropy: 0,
    reports: [],
    credit: noCredit(),
    via: -1,
    lane: 0,
    ingressLane: 0,
    ingress: null,
    limitBlocks: 0,
    frameClass: "all",
  };
}

/** What is left of a data packet whose payload was cut off. */
export function trimmedPacket(wire: WireFormat, packet: Packet): Packet {
  const wireBytes = wire.ackBytes + wire.gapBytes;
  return { ...packet, kind: "trimmed", trafficClass: "control", wireBytes, accountedBytes: 0, marked: false };
}

/**
 * An ACK or NACK that names the next expected packet, and the one that caused it; or a congestion
 * notification, or credit.
 */
export function answerPacket(
  wire: WireFormat,
  kind: "ack" | "nack" | "cnp" | "pull",
  flow: number,
  expected: number,
  cause: number,
  destination: number,
): Packet {
  return {
    kind,
    trafficClass: wire.ackClass,
    wireBytes: wire.ackBytes + wire.gapBytes,
    accountedBytes: wire.ackBytes,
    flow,
    number: expected,
    cause,
    destination,
    marked: false,
    sentPs: 0,
    entropy: 0,
    reports: [],
    credit: noCredit(),
    via: -1,
    lane: 0,
    ingressLane: 0,
    ingress: null,
    limitBlocks: 0,
    frameClass: "all",
  };
}

/**
 * Tells the switch that a packet came from how much waits here on the way to a group of
 * destinations.
 */
export function noticePacket(wire: WireFormat, group: number, weight: number): Packet {
  const blank = frame("update", wire.ackBytes + wire.gapBytes);
  return { ...blank, kind: "notice", trafficClass: "control", flow: group, number: weight };
}

/** A frame for a data class, or for all; it goes one link far. */
export function frame(
  kind: "pause" | "resume" | "update",
  wireBytes: number,
  frameClass: number | "all" = "all",
): Packet {
  return {
    kind,
    trafficClass: "frame",
    wireBytes,
    accountedBytes: 0,
    flow: -1,
    number: -1,
    cause: -1,
    destination: -1,
    marked: false,
    sentPs: 0,
    entropy: 0,
    reports: [],
    credit: noCredit(),
    via: -1,
    lane: 0,
    ingressLane: 0,
    ingress: null,
    limitBlocks: 0,
    frameClass,
  };
}
