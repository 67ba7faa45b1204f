import type { CongestionControl as Parameters } from "../../src/plan/congestion.js";
import { Dcqcn } from "./dcqcn.js";

/** What decides how fast a sender may send: MODEL §10. Rates are in bytes per picosecond. */
export interface CongestionControl {
  /** Payload bytes that may be under way. */
  readonly windowBytes: number;
  /** A packet of so many wire bytes begins now: the rate until the next. */
  sent(wireBytes: number, nowPs: number): number;
  /** A congestion notification is processed. */
  notified(nowPs: number): void;
}

export function congestionControl(parameters: Parameters | null, lineRate: number): CongestionControl | null {
  return parameters === null ? null : new Dcqcn(parameters, lineRate);
}
