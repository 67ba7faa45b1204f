/**
 * DCQCN (Zhu et al., SIGCOMM 2015): the sender's rate is cut by alpha/2 on a notification, and
 * recovers by timer and byte counter: half way to the target at first, then with the target raised
 * additively, then ever faster. Timers are played when the QP next sends or is notified: nobody
 * looks at its rate in between.
 */
import { NEVER } from "../engine/state";
import { Dcqcn, DcqcnParameters } from "./records";


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
      state.byteStage = laterStage(state.byteStage, 1);
      increase(state);
    }
  }
  return state.currentRate;
}

export function notified(state: Dcqcn, nowPs: u64): void {
  const p = parameters(state);
  if (p.periodic != 0) return recordNotification(state, nowPs);
  if (state.alphaAtPs != NEVER) playTimers(state, nowPs);
  if (nowPs >= state.nextDecreasePs) {
    state.nextDecreasePs = nowPs + p.decreaseIntervalPs;
    decrease(state, nowPs);
  }
  state.alpha = (1 - p.gain) * state.alpha + p.gain;
  state.alphaAtPs = nowPs + p.alphaPeriodPs;
}

/**
 * Where notifications are counted by the period: the first starts the periods, and counts for a
 * decrease alone.
 */
function recordNotification(state: Dcqcn, nowPs: u64): void {
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

/** Expiries of a timer that one catch-up plays. */
const MAX_EXPIRIES: u64 = 1 << 20;

/**
 * Plays the expiries up to and including `nowPs`; of several at one instant, alpha's first, then
 * that of decreases.
 */
function playTimers(state: Dcqcn, nowPs: u64): void {
  const p = parameters(state);
  let alphas: u64 = 0;
  let increases: u64 = 0;
  for (;;) {
    const decreaseAtPs = p.periodic != 0 ? state.nextDecreasePs : NEVER;
    if (state.alphaAtPs <= min(decreaseAtPs, state.increaseAtPs)) {
      if (state.alphaAtPs > nowPs) return;
      alphas += playAlpha(state, nowPs, alphas);
    } else if (decreaseAtPs <= state.increaseAtPs) {
      if (decreaseAtPs > nowPs) return;
      decrease(state, decreaseAtPs);
      state.nextDecreasePs = NEVER;
    } else {
      if (state.increaseAtPs > nowPs) return;
      increases += playIncrease(state, min(nowPs, decreaseAtPs - 1), increases);
    }
  }
}

/**
 * Plays an expiry of alpha's timer, the `played`-th of a catch-up, and with it those up to
 * `untilPs` that change nothing. Returns how many these were.
 */
function playAlpha(state: Dcqcn, untilPs: u64, played: u64): u64 {
  const p = parameters(state);
  const before = state.alpha;
  const notified = state.alphaNotified != 0;
  if (played < MAX_EXPIRIES) state.alpha = (1 - p.gain) * before + (notified ? p.gain : 0);
  state.alphaNotified = 0;
  state.alphaAtPs += p.alphaPeriodPs;
  if (played + 1 < MAX_EXPIRIES && (notified || state.alpha != before)) return 1;
  const more = expiries(state.alphaAtPs, p.alphaPeriodPs, untilPs);
  state.alphaAtPs += more * p.alphaPeriodPs;
  return more + 1;
}

/**
 * The same of the increase timer. Once rate and target are the line rate, as closely as halving
 * comes to it, both stay.
 */
function playIncrease(state: Dcqcn, untilPs: u64, played: u64): u64 {
  const p = parameters(state);
  const before = state.currentRate;
  state.timerStage = laterStage(state.timerStage, 1);
  if (played < MAX_EXPIRIES) increase(state);
  state.increaseAtPs += p.timerPs;
  const isSettled = state.currentRate == before && state.targetRate == 1 / state.linePsPerByte;
  if (played + 1 < MAX_EXPIRIES && !isSettled) return 1;
  const more = expiries(state.increaseAtPs, p.timerPs, untilPs);
  state.timerStage = laterStage(state.timerStage, more);
  state.increaseAtPs += more * p.timerPs;
  return more + 1;
}

/** How often a timer that goes off at `firstPs` does so up to an instant. */
function expiries(firstPs: u64, periodPs: u64, untilPs: u64): u64 {
  return firstPs > untilPs ? 0 : (untilPs - firstPs) / periodPs + 1;
}

/** Stages do not wrap. */
function laterStage(stage: u32, by: u64): u32 {
  return <u32>min<u64>(<u64>stage + by, u32.MAX_VALUE);
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
