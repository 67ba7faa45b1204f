/** What the core's header says of a plan. */
import { dropAlpha, ecnThresholds } from "../../plan/class-rules.js";
import type { RunPlan, Transport } from "../../plan/plan.js";
import { ROUTING } from "../../plan/policies/routing.js";
import { changeHeader } from "./changes.js";
import { controlHeader } from "./congestion.js";
import { creditHeader } from "./credit.js";
import { detourHeader } from "./detours.js";
import { flowletHeader } from "./flowlets.js";
import { type Run, Victim } from "./layout.js";
import { pauseHeader } from "./pause-clocks.js";
import { policyHeader } from "./policy.js";
import { programHeader } from "./programs.js";
import { reductionHeader } from "./reduction.js";
import { remoteHeader } from "./remote-queues.js";
import type { Sizes } from "./sizes.js";
import { sprayingHeader } from "./spraying.js";
import { tagBytes } from "./tags.js";
import type { Timing } from "./timing.js";

const VICTIM = { arriving: Victim.Arriving, random: Victim.Random, fair: Victim.Fair } as const;

/** All ones: no time limit. */
const FOREVER_PS = 2 ** 62;

/** Sizes and parameters of a plan, by the fields of the core's `Run` record. */
export function headerOf(plan: RunPlan, timing: Timing, sizes: Sizes): Partial<Record<keyof typeof Run, number>> {
  const { fabric, flows, wire, transport, flowControl } = plan;
  return {
    deviceCount: fabric.deviceCount,
    portCount: fabric.peerPort.length,
    switchCount: fabric.switches.length,
    nicCount: fabric.nics.count,
    flowCount: flows.count,
    groupCount: sizes.groupCount,
    routeBytes: sizes.routeBytes,
    dependencyCount: sizes.dependencyCount,
    hazardBytes: sizes.hazardBytes,
    bitmapBytes: sizes.bitmapBytes,
    tickBytes: sizes.tickBytes,
    packetMapBytes: sizes.packetMapBytes,
    slots: timing.slots,
    scratchEntries: sizes.scratchEntries,
    windowPs: timing.windowPs,
    seed: plan.seed,
    headerBytes: wire.headerBytes,
    gapBytes: wire.gapBytes,
    ackWireBytes: wire.ackBytes + wire.gapBytes,
    pauseWireBytes: wire.pauseBytes + wire.gapBytes,
    ackInControlClass: wire.ackClass === "control" ? 1 : 0,
    floorSerialization: wire.serialization === "floor" ? 1 : 0,
    releaseAtStart: flowControl.release === "start" ? 1 : 0,
    policy: ROUTING[plan.routing.policy].id,
    quantumShift: plan.routing.quantumShift,
    leastKminPs: leastKminPs(plan),
    marksAtQueue: plan.ecn?.at === "enqueue" ? 1 : 0,
    selective: transport.recovery === "selective" ? 1 : 0,
    windowPackets: transport.windowPackets,
    ackEvery: transport.ackEvery,
    ackMarked: transport.ackMarked ? 1 : 0,
    retryLimit: transport.retryLimit,
    reorderPackets: transport.reorderPackets,
    borderBytes: sizes.borderBytes,
    quietPs: sizes.borderBytes === 0 ? 0 : transport.quietPs,
    ...leastDropAlpha(plan),
    trim: flowControl.trim ? 1 : 0,
    victim: VICTIM[flowControl.victim],
    ...timeoutHeader(transport),
    timeLimitPs: Math.min(plan.timeLimitPs, FOREVER_PS),
    tagBytes: tagBytes(plan),
    ...flowletHeader(plan),
    ...pauseHeader(plan),
    ...creditHeader(plan),
    classCount: plan.dataClasses.length,
    ...remoteHeader(plan),
    ...detourHeader(plan),
    ...programHeader(plan),
    ...changeHeader(plan),
    ...reductionHeader(plan),
    ...policyHeader(plan.routing),
    ...controlHeader(plan),
    ...sprayingHeader(plan.routing),
  };
}

function leastKminPs(plan: RunPlan): number {
  if (plan.ecn === null) return 0;
  return Math.min(...plan.dataClasses.flatMap((_, dataClass) => [...ecnThresholds(plan, dataClass)!.kminPs]));
}

/** What the step of a switch reckons with before it looks at classes. */
function leastDropAlpha(plan: RunPlan) {
  const alphas = plan.dataClasses.map((_, dataClass) => dropAlpha(plan, dataClass));
  const { num, den } = alphas.reduce((least, other) => (other.num * least.den < least.num * other.den ? other : least));
  return { dropAlphaNum: num, dropAlphaDen: den };
}

/** The core doubles by shifting, which must end before the number does. */
function timeoutHeader({ rtoPs, mostRtoPs }: Transport) {
  if (mostRtoPs === null) return { rtoPs, mostRtoPs: rtoPs, rtoDoublings: 0 };
  let rtoDoublings = 0;
  while (rtoPs * 2 ** rtoDoublings < mostRtoPs) rtoDoublings += 1;
  return { rtoPs, mostRtoPs, rtoDoublings };
}
