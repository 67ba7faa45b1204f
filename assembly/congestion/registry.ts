/**
 * Congestion control: from what a sender learns to how fast it may send. A policy is one file that extends the record `Congestion` with
 * its own state (memory/structs.ts) and exports some of
 *
 *     start(state)                         a QP is set up
 *     sent(state, bytes, nowPs): f64       it has started a packet of so many wire bytes; returns the rate until the next, in bytes/ps
 *     notified(state, nowPs)               it has received a congestion notification (CNP)
 *
 * and gets a case here. It may read its parameters, change its state and `windowBytes`, and must depend on nothing else: that makes
 * it deterministic, and independent of threads.
 */
import { extraOf } from "../link/transmit";
import { run } from "../memory/arena";
import { Congestion, ControlId, Dcqcn, Nic, Port, PortFlag, Sender } from "../memory/structs";
import { senderAt } from "../host/parameters";
import * as dcqcn from "./dcqcn";

let policy: u32 = 0;

/** Whether the run has congestion control at all. */
export let controlled: bool = false;

export function loadCongestionParameters(): void {
  policy = run.congestionControl;
  controlled = policy != ControlId.None;
}

/** Sets every QP's record up. */
export function startCongestionControl(): void {
  if (!controlled) return;
  for (let i: u32 = 0; i < run.flowCount; i++) {
    const sender = senderAt(i);
    const state = changetype<Congestion>(run.congestion + i * run.congestionBytes);
    sender.congestion = changetype<u32>(state);
    state.linePsPerByte = psPerByte(changetype<Port>(changetype<Nic>(sender.nic).port));
    state.windowBytes = Infinity;
    start(state);
  }
}

function psPerByte(port: Port): f64 {
  const numerator = <f64>port.psPerByte;
  return port.flags & PortFlag.Fractional ? numerator / <f64>extraOf(port).psPerByteDen : numerator;
}

function start(state: Congestion): void {
  switch (policy) {
    case ControlId.Dcqcn:
      return dcqcn.start(changetype<Dcqcn>(state));
  }
}


@inline
export function congestionOf(sender: Sender): Congestion {
  return changetype<Congestion>(sender.congestion);
}

/** Whether congestion control lets the QP send now. A QP with nothing under way always has room. */
export function maySend(sender: Sender): bool {
  const state = congestionOf(sender);
  if (state.paced) return false;
  const underWay = sender.next - sender.acked - sender.heldCount - sender.resendCount;
  return underWay == 0 || <f64>underWay * <f64>sender.payloadBytes < state.windowBytes;
}

/** A packet of the QP was put on the wire at `nowPs`: decides when the next may start. */
export function noteSent(state: Congestion, wireBytes: u32, nowPs: u64): void {
  switch (policy) {
    case ControlId.Dcqcn:
      return pace(state, wireBytes, dcqcn.sent(changetype<Dcqcn>(state), wireBytes, nowPs), nowPs);
  }
}

/** @param rate bytes per picosecond */
function pace(state: Congestion, wireBytes: u32, rate: f64, nowPs: u64): void {
  state.nextSendPs = nowPs + <u64>(<f64>wireBytes / rate);
}

/** A congestion notification has arrived. */
export function noteNotification(state: Congestion, nowPs: u64): void {
  switch (policy) {
    case ControlId.Dcqcn:
      return dcqcn.notified(changetype<Dcqcn>(state), nowPs);
  }
}
