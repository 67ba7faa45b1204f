/**
 * HPCC (Li et al., SIGCOMM 2019): the ports of its path report their load to a sender. From that it
 * computes how much is under way at the fullest port. It sets its window a little below what the
 * path holds without a queue. It reacts to every ACK, from the window that it had a round trip ago.
 * So it does not react twice to the same load.
 */
import { Hop, HopsTag } from "../memory/structs/tag";
import { copyWords } from "../packet/tags";
import { HOP_BYTES, hopAt } from "../port/telemetry";
import { Hpcc, HpccParameters } from "./records";


@inline
function parameters(state: Hpcc): HpccParameters {
  return changetype<HpccParameters>(state.parameters);
}

/** What the NIC's link carries in a round trip, in bytes. */
@inline
function fullWindow(state: Hpcc): f64 {
  return parameters(state).baseRttPs * (1 / state.linePsPerByte);
}

export function start(state: Hpcc): void {
  const full = fullWindow(state);
  state.windowBytes = full;
  state.referenceBytes = full;
  state.rate = full / parameters(state).baseRttPs;
  state.inflight = 1;
}

/** @param acked first unacknowledged packet @param next packet to send next */
export function answered(state: Hpcc, tag: HopsTag, acked: u32, next: u32): void {
  const isMeasured = measure(state, tag);
  if (!state.started) {
    state.started = 1;
    state.roundEnd = next;
    return;
  }
  if (isMeasured) adjust(state, acked, next);
}

/** Takes up what the ports say; false if none of them can be compared with what it said before. */
function measure(state: Hpcc, tag: HopsTag): bool {
  const baseRttPs = parameters(state).baseRttPs;
  let fullest: f64 = -1;
  let intervalPs: f64 = 0;
  for (let i: u32 = 0; i < tag.hopCount; i++) {
    const now = hopAt(changetype<u32>(tag), offsetof<HopsTag>(), i);
    const before = hopAt(changetype<u32>(state), offsetof<Hpcc>(), i);
    if (i < state.hopCount && before.port == now.port) {
      if (now.timePs <= before.timePs) continue;
      const elapsedPs = <f64>(now.timePs - before.timePs);
      const queuedPs = <f64>min(now.queuedPs, before.queuedPs);
      const inflight = queuedPs / baseRttPs + (now.busyPs - before.busyPs) / elapsedPs;
      if (inflight > fullest) {
        fullest = inflight;
        intervalPs = elapsedPs;
      }
    }
    copyWords(changetype<u32>(now), changetype<u32>(before), HOP_BYTES);
  }
  state.hopCount = max(state.hopCount, tag.hopCount);
  if (fullest < 0) return false;
  const weight = min(intervalPs, baseRttPs) / baseRttPs;
  state.inflight = (1 - weight) * state.inflight + weight * fullest;
  return true;
}

function adjust(state: Hpcc, acked: u32, next: u32): void {
  const p = parameters(state);
  const full = fullWindow(state);
  const multiplies = state.inflight >= p.utilisation || state.stage >= p.maxStage;
  let window = state.referenceBytes;
  if (multiplies) window = window / (state.inflight / p.utilisation);
  window = min(max(window + p.additiveShare * full, p.leastRate * p.baseRttPs), full);
  state.windowBytes = window;
  state.rate = window / p.baseRttPs;
  if (<i32>(acked - state.roundEnd) <= 0) return;
  state.referenceBytes = window;
  state.stage = multiplies ? 0 : state.stage + 1;
  state.roundEnd = next;
}
