/**
 * Swift (Kumar et al., SIGCOMM 2020): keeps the round trip at a target, which is larger for small
 * windows. Below it the window grows by a fixed number of packets per round trip; above, it shrinks
 * in proportion to the excess, once per round trip.
 */
import { Swift, SwiftParameters } from "./records";


@inline
function parameters(state: Swift): SwiftParameters {
  return changetype<SwiftParameters>(state.parameters);
}

export function start(state: Swift): void {
  state.windowBytes = parameters(state).firstWindow * state.packetBytes;
}

/**
 * The rate in bytes/ps: a window of less than a packet spreads packets over several round trips.
 */
export function sent(state: Swift): f64 {
  if (state.windowBytes >= state.packetBytes || state.delayPs == 0) return 1 / state.linePsPerByte;
  return state.windowBytes / state.delayPs;
}

export function answered(state: Swift, bytes: f64, delayPs: f64, nowPs: u64): void {
  const p = parameters(state);
  const window = state.windowBytes / state.packetBytes;
  const packets = bytes / state.packetBytes;
  state.delayPs = delayPs;
  const scaledPs = p.flowScalePs / Math.sqrt(window) + p.flowOffsetPs;
  const targetPs = p.baseTargetPs + max<f64>(0, min<f64>(scaledPs, p.flowRangePs));
  if (delayPs < targetPs) {
    const gain = p.additiveIncrease * packets;
    setWindow(state, window >= 1 ? window + gain / window : window + gain);
  } else if (nowPs >= state.nextDecreasePs) {
    state.nextDecreasePs = nowPs + <u64>delayPs;
    setWindow(state, window * max<f64>(1 - (p.beta * (delayPs - targetPs)) / delayPs, 1 - p.mostDecrease));
  }
}

export function lost(state: Swift, nowPs: u64): void {
  if (nowPs < state.nextDecreasePs) return;
  state.nextDecreasePs = nowPs + <u64>state.delayPs;
  setWindow(state, (state.windowBytes / state.packetBytes) * (1 - parameters(state).mostDecrease));
}

function setWindow(state: Swift, packets: f64): void {
  const p = parameters(state);
  state.windowBytes = max(p.leastWindow, min(packets, p.mostWindow)) * state.packetBytes;
}
