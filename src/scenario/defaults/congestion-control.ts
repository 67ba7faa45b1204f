/** Congestion control as written, in the units of its parameters' names. */

import type { Sections } from "../schema/sections.js";
import type { CongestionControlParams, HpccParams, NsccParams, RcccParams, SwiftParams } from "../types/scenario.js";

type Written = Sections["transport"]["congestionControl"];

export function resolveCongestionControl(written: Written): CongestionControlParams {
  if (written.kind === "none") return { kind: "none" };
  if (written.kind === "swift") return resolveSwift(written);
  if (written.kind === "nscc") return resolveNscc(written);
  if (written.kind === "hpcc") return resolveHpcc(written);
  if (written.kind === "rccc") return resolveRccc(written);
  return {
    kind: "dcqcn",
    cnpIntervalPs: written.cnpInterval,
    cnpDelayPs: written.cnpDelay,
    gain: written.gain,
    initialAlpha: written.initialAlpha,
    alphaPeriodPs: written.alphaPeriod,
    decreaseIntervalPs: written.decreaseInterval,
    timerPs: written.timer,
    byteCounterBytes: written.byteCounter,
    fastRecovery: written.fastRecovery,
    clampTarget: written.clampTarget,
    additiveIncreaseBps: written.additiveIncrease,
    hyperIncreaseBps: written.hyperIncrease,
    leastRateBps: written.minRate,
    variant: written.variant,
  };
}

function resolveSwift(written: Extract<Written, { kind: "swift" }>): SwiftParams {
  return {
    kind: "swift",
    baseRttPs: written.baseRtt,
    targetPs: written.target,
    flowRangePs: written.flowRange,
    leastScaled: written.leastScaled,
    mostScaled: written.mostScaled,
    additiveIncrease: written.additiveIncrease,
    beta: written.beta,
    mostDecrease: written.maxDecrease,
    leastWindow: written.minWindow,
  };
}

function resolveNscc(written: Extract<Written, { kind: "nscc" }>): NsccParams {
  return {
    kind: "nscc",
    baseRttPs: written.baseRtt,
    targetPs: written.target,
    mostWindow: written.maxWindow,
    gamma: written.gamma,
    mostDecrease: written.maxDecrease,
    delayGain: written.delayGain,
    adaptShare: written.adaptShare,
  };
}

function resolveHpcc(written: Extract<Written, { kind: "hpcc" }>): HpccParams {
  return {
    kind: "hpcc",
    baseRttPs: written.baseRtt,
    utilisation: written.utilisation,
    maxStage: written.maxStage,
    flows: written.flows,
    leastRateBps: written.minRate,
  };
}

function resolveRccc(written: Extract<Written, { kind: "rccc" }>): RcccParams {
  return {
    kind: "rccc",
    baseRttPs: written.baseRtt,
    speculative: written.speculative,
    underWay: written.underWay,
    pullPackets: written.pull,
  };
}
