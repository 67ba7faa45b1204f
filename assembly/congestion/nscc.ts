/**
 * NSCC, the sender-based congestion control of Ultra Ethernet (UEC 1.0, section on NSCC; constants
 * as in htsim's uec.cpp): every answer falls into one of four quadrants, by mark and by queueing
 * delay. Increases are collected and made some packets at a time; after a loss or a long queue the
 * window is set to what one round trip achieved (quick adapt).
 */
import { Nscc, NsccParameters } from "./records";


@inline
function parameters(state: Nscc): NsccParameters {
  return changetype<NsccParameters>(state.parameters);
}

export function start(state: Nscc): void {
  state.windowBytes = parameters(state).mostWindowBytes;
}

export function answered(
  state: Nscc,
  bytes: f64,
  marked: bool,
  roundTripPs: f64,
  underWayBytes: f64,
  nowPs: u64,
): void {
  const p = parameters(state);
  const queuePs = max<f64>(roundTripPs - p.baseRttPs, 0);
  state.averagePs = p.delayGain * queuePs + (1 - p.delayGain) * state.averagePs;
  state.achievedBytes += bytes;
  state.sinceBytes += bytes;
  if (adapt(state, marked, queuePs, bytes, underWayBytes, nowPs)) return;
  state.clearBytes = !marked && queuePs < p.clearPs ? state.clearBytes + bytes : 0;
  if (marked) {
    if (queuePs >= p.targetPs) decrease(state, nowPs);
  } else if (queuePs >= p.targetPs) {
    state.increase += p.fair * bytes;
  } else if (state.clearBytes > state.windowBytes) {
    state.windowBytes += bytes * p.fastShare;
  } else {
    state.increase += p.proportional * bytes * (p.targetPs - queuePs);
  }
  adjust(state, nowPs);
  bound(state);
}

export function lost(state: Nscc, underWayBytes: f64, nowPs: u64): void {
  state.lost = 1;
  state.clearBytes = 0;
  if (!adapt(state, true, 0, state.packetBytes, underWayBytes, nowPs)) state.windowBytes -= state.packetBytes;
  bound(state);
}

/** Makes the increase that was collected, once enough was acknowledged or a period is over. */
function adjust(state: Nscc, nowPs: u64): void {
  const p = parameters(state);
  const isOver = nowPs >= state.adjustedAtPs + p.adjustPeriodPs;
  if (state.sinceBytes < p.adjustBytes && !isOver) return;
  state.windowBytes += state.increase / state.windowBytes;
  if (isOver) state.windowBytes += p.eta;
  state.increase = 0;
  state.sinceBytes = 0;
  state.adjustedAtPs = nowPs;
}

/** Once per base round trip, by the average delay's excess. */
function decrease(state: Nscc, nowPs: u64): void {
  const p = parameters(state);
  if (nowPs < state.nextDecreasePs || state.averagePs <= p.targetPs) return;
  state.nextDecreasePs = nowPs + <u64>p.baseRttPs;
  const share = 1 - (p.gamma * (state.averagePs - p.targetPs)) / state.averagePs;
  state.windowBytes *= max<f64>(share, 1 - p.mostDecrease);
}

/**
 * True when the answer needs no other reaction: the window was set anew, or the mark is of a packet
 * sent before it was.
 */
function adapt(state: Nscc, marked: bool, queuePs: f64, bytes: f64, underWayBytes: f64, nowPs: u64): bool {
  const p = parameters(state);
  if (marked && state.ignoredBytes < state.staleBytes) {
    state.ignoredBytes += bytes;
    return true;
  }
  if (nowPs <= state.periodEndPs) return false;
  let done = false;
  const isDue = state.lost != 0 || queuePs > p.adaptDelayPs;
  if (state.periodEndPs != 0 && isDue && state.achievedBytes < p.mostWindowBytes * p.adaptShare) {
    state.windowBytes = min(state.windowBytes, max(state.achievedBytes, state.packetBytes));
    state.staleBytes = underWayBytes;
    state.ignoredBytes = 0;
    state.increase = 0;
    state.sinceBytes = 0;
    done = true;
  }
  state.achievedBytes = 0;
  state.lost = 0;
  state.periodEndPs = nowPs + <u64>(p.baseRttPs + p.targetPs);
  return done;
}

function bound(state: Nscc): void {
  state.windowBytes = max(state.packetBytes, min(state.windowBytes, parameters(state).mostWindowBytes));
}
