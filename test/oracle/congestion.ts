import type { CongestionControl as Parameters } from "../../src/plan/congestion.js";
import { Dcqcn } from "./dcqcn.js";
import { Hpcc } from "./hpcc.js";
import { Nscc } from "./nscc.js";
import type { Packet, PortReport } from "./packet.js";
import { Rccc } from "./rccc.js";
import { Swift } from "./swift.js";

/** What decides how fast a sender may send: MODEL §10. Rates are in bytes per picosecond. */
export interface CongestionControl {
  /** Payload bytes that may be under way. */
  readonly windowBytes: number;
  /** A packet of `wireBytes` begins now. Returns the rate until the next. */
  sent(wireBytes: number, nowPs: number): number;
  /** A congestion notification is processed. */
  notified(nowPs: number): void;
  /**
   * An ACK or NACK is processed, for a packet sent `delayPs` ago. It says that `bytes` more have
   * arrived.
   */
  answered(bytes: number, marked: boolean, delayPs: number, underWayBytes: number, nowPs: number): void;
  /**
   * An ACK or NACK is processed, which brings what the switch ports said to the packet that caused
   * it; `acked` is the first unacknowledged packet by now, and `next` the next to send.
   */
  reported?(reports: readonly PortReport[], acked: number, next: number): void;
  /**
   * The packet begins now. After it, `waitingBytes` wire bytes are posted and wait, or wait to be
   * resent.
   */
  spend?(packet: Packet, waitingBytes: number): void;
  /** The credit that was granted since the beginning. */
  pulled?(granted: number): void;
  /** A packet is known to be missing, or the timer has fired. */
  lost(underWayBytes: number, nowPs: number): void;
}

export function congestionControl(
  parameters: Parameters | null,
  psPerByte: number,
  mtuBytes: number,
): CongestionControl | null {
  const lineRate = 1 / psPerByte;
  switch (parameters?.kind) {
    case "dcqcn":
      return new Dcqcn(parameters, lineRate);
    case "swift":
      return new Swift(parameters, lineRate, mtuBytes);
    case "nscc":
      return new Nscc(parameters, mtuBytes);
    case "hpcc":
      return new Hpcc(parameters, lineRate);
    case "rccc":
      return new Rccc(parameters, psPerByte);
    default:
      return null;
  }
}
