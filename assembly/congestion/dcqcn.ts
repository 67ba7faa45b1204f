/**
 * DCQCN (Zhu et al., SIGCOMM 2015): the sender's rate is cut by alpha/2 on a notification, and recovers by timer and byte counter: half way to
 * the target at first, then with the target raised additively, then ever faster. Timers are played when the QP next sends or is
 * notified: nobody looks at its rate in between.
 */
import { NEVER } from "../engine/state";
import { Dcqcn, DcqcnParameters } from "../memory/structs";


@inline
function parameters(state: Dcqcn): DcqcnParameters {
  return changetype<DcqcnParameters>(state.parameters);
}

export function start(state: Dcqcn): void {
  const lineRate = 1 / state.linePsPerByte;
  state.currentRate = lineRate;
  state.targetRate = lineRate;
  state.alpha = parameters(state).initialAlpha;
  state.alphaAtPs = NEVER;
  state.increaseAtPs = NEVER;
}

/** Counts the bytes, and returns the rate in bytes/ps. */
export function sent(state: Dcqcn, wireBytes: u32, nowPs: u64): f64 {
  if (state.alphaAtPs == NEVER) return state.currentRate;
  playTimers(state, nowPs);
  const byteCounterBytes = parameters(state).byteCounterBytes;
  if (byteCounterBytes != 0) {
    state.sentBytes += <f64>wireBytes;
    if (state.sentBytes >= byteCounterBytes) {
      state.sentBytes -= byteCounterBytes;
      state.byteStage++;
      increase(state);
    }
  }
  return state.currentRate;
}

export function notified(state: Dcqcn, nowPs: u64): void {
  const p = parameters(state);
  if (p.periodic != 0) return noteNotified(state, nowPs);
  if (state.alphaAtPs != NEVER) playTimers(state, nowPs);
  if (nowPs >= state.nextDecreasePs) {
    state.nextDecreasePs = nowPs + p.decreaseIntervalPs;
    decrease(state, nowPs);
  }
  state.alpha = (1 - p.gain) * state.alpha + p.gain;
  state.alphaAtPs = nowPs + p.alphaPeriodPs;
}

/** Where notifications are counted by the period: the first starts the periods, and counts for a decrease alone. */
function noteNotified(state: Dcqcn, nowPs: u64): void {
  const p = parameters(state);
  if (state.alphaAtPs == NEVER) {
    state.alphaAtPs = nowPs + p.alphaPeriodPs;
    state.firstPs = nowPs;
    state.nextDecreasePs = NEVER;
  } else {
    playTimers(state, nowPs);
    state.alphaNotified = 1;
  }
  if (state.nextDecreasePs != NEVER) return;
  const periods = (nowPs - state.firstPs) / p.decreaseIntervalPs + 1;
  state.nextDecreasePs = state.firstPs + periods * p.decreaseIntervalPs;
}

/** Plays the expiries up to and including `nowPs`; of several at one instant, alpha's first, then that of decreases. */
function playTimers(state: Dcqcn, nowPs: u64): void {
  const p = parameters(state);
  for (;;) {
    const decreaseAtPs = p.periodic != 0 ? state.nextDecreasePs : NEVER;
    if (state.alphaAtPs <= min(decreaseAtPs, state.increaseAtPs)) {
      if (state.alphaAtPs > nowPs) return;
      state.alpha = (1 - p.gain) * state.alpha;
      if (state.alphaNotified != 0) state.alpha += p.gain;
      state.alphaNotified = 0;
      state.alphaAtPs += p.alphaPeriodPs;
    } else if (decreaseAtPs <= state.increaseAtPs) {
      if (decreaseAtPs > nowPs) return;
      decrease(state, decreaseAtPs);
      state.nextDecreasePs = NEVER;
    } else {
      if (state.increaseAtPs > nowPs) return;
      state.timerStage++;
      increase(state);
      state.increaseAtPs += p.timerPs;
    }
  }
}

function decrease(state: Dcqcn, nowPs: u64): void {
  const p = parameters(state);
  if (p.clampTarget != 0 || state.timerStage != 0 || state.byteStage != 0) state.targetRate = state.currentRate;
  state.currentRate = max(state.currentRate * (1 - state.alpha / 2), p.leastRate);
  state.increaseAtPs = nowPs + p.timerPs;
  state.timerStage = 0;
  state.byteStage = 0;
  state.sentBytes = 0;
}

function increase(state: Dcqcn): void {
  const p = parameters(state);
  const bytesCount = p.byteCounterBytes != 0;
  const least = bytesCount ? min(state.timerStage, state.byteStage) : state.timerStage;
  const most = bytesCount ? max(state.timerStage, state.byteStage) : state.timerStage;
  if (least > p.fastRecovery)
    state.targetRate += p.periodic != 0 ? p.hyperRate : <f64>(least - p.fastRecovery) * p.hyperRate;
  else if (most >= p.fastRecovery) state.targetRate += p.additiveRate;
  state.targetRate = min(state.targetRate, 1 / state.linePsPerByte);
  state.currentRate = (state.targetRate + state.currentRate) / 2;
}
