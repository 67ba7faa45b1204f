import fc from "fast-check";
import { NO_QUEUE_LIMIT, type RunPlan } from "../../src/plan/plan.js";
import { policiesWith } from "../../src/plan/policies/routing.js";
import { describePlan } from "./describe-plan.js";
import { fitsCore } from "./fits-core.js";
import { maybe } from "./maybe.js";
import { buildPlan } from "./network.js";
import {
  DYNAMIC_XOFF,
  type NetworkClass,
  type NetworkFlow,
  type NetworkSpec,
  type NetworkSwitch,
} from "./network-spec.js";
import { randomClassRules } from "./random-classes.js";
import { randomFlows } from "./random-flows.js";
import { randomTopology } from "./random-topology.js";

const MAX_DATA_PACKETS = 500;
const SCALE_UP_MTU_BYTES = 2048;

const wire = fc.record({
  headerBytes: fc.constantFrom(62, 48),
  gapBytes: fc.constantFrom(20, 0),
  ackBytes: fc.constantFrom(64, 60),
  pauseBytes: fc.constantFrom(64, 43),
  ackClass: fc.constantFrom("control", "control", "data"),
  serialization: fc.constantFrom("round", "round", "floor"),
});

/** Much shorter times than any real NIC's, so that a short run goes through all of it. */
export const dcqcn = fc.record({
  kind: fc.constant("dcqcn" as const),
  cnpIntervalPs: fc.constantFrom(1, 1_000_000, 4_000_000),
  // From none, over parts of a round trip and several, to longer than the run.
  cnpDelayPs: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(1, 700_000, 5_000_000_000) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 40_000_000 }) },
  ),
  gain: fc.constantFrom(1 / 256, 0.5, 1),
  initialAlpha: fc.constantFrom(1, 0.5),
  alphaPeriodPs: fc.constantFrom(100_000, 500_000, 1_000_000, 5_500_000),
  decreaseIntervalPs: fc.constantFrom(1, 1_000_000, 5_000_000),
  timerPs: fc.constantFrom(100_000, 500_000, 1_000_000, 3_333_333),
  byteCounterBytes: fc.constantFrom(0, 5000, 50_000),
  fastRecovery: fc.constantFrom(1, 2, 5),
  clampTarget: fc.constantFrom(0, 1),
  periodic: fc.constantFrom(0, 1),
  additiveRate: fc.constantFrom(1e-5, 1e-3),
  hyperRate: fc.constantFrom(0, 1e-4, 5e-3),
  leastRate: fc.constantFrom(1e-4, 1e-2),
});

const swift = fc.record({
  kind: fc.constant("swift" as const),
  cnpIntervalPs: fc.constant(0 as const),
  baseTargetPs: fc.constantFrom(2_000_000, 4_000_000, 8_000_000),
  flowScalePs: fc.constantFrom(0, 1_000_000),
  flowOffsetPs: fc.constantFrom(0, -100_000),
  flowRangePs: fc.constantFrom(500_000, 3_000_000),
  additiveIncrease: fc.constantFrom(1, 0.5, 4),
  beta: fc.constantFrom(0.8, 1),
  mostDecrease: fc.constantFrom(0.5, 0.9),
  leastWindow: fc.constantFrom(0.05, 1),
  firstWindow: fc.constantFrom(1, 10, 40),
  mostWindow: fc.constantFrom(50, 200),
});

const nscc = fc.record({
  kind: fc.constant("nscc" as const),
  cnpIntervalPs: fc.constant(0 as const),
  baseRttPs: fc.constantFrom(2_000_000, 4_000_000),
  targetPs: fc.constantFrom(500_000, 2_000_000, 4_000_000),
  clearPs: fc.constantFrom(100_000, 1_000_000),
  mostWindowBytes: fc.constantFrom(10_000, 100_000, 400_000),
  proportional: fc.constantFrom(0, 1e-3, 1e-2),
  fair: fc.constantFrom(100, 20_000),
  fastShare: fc.constantFrom(0.1, 1),
  eta: fc.constantFrom(0, 600),
  adjustBytes: fc.constantFrom(4096, 32_768),
  adjustPeriodPs: fc.constantFrom(1_000_000, 4_000_000),
  gamma: fc.constantFrom(0.8, 1),
  mostDecrease: fc.constantFrom(0.5, 0.9),
  delayGain: fc.constantFrom(0.0125, 0.5),
  adaptDelayPs: fc.constantFrom(1_000_000, 8_000_000),
  adaptShare: fc.constantFrom(0.125, 1),
});

/** Round trips shorter and longer than the real one, and steps so large that windows swing. */
const hpcc = fc.record({
  kind: fc.constant("hpcc" as const),
  cnpIntervalPs: fc.constant(0 as const),
  baseRttPs: fc.constantFrom(5_000_000, 12_345_678, 40_000_000),
  utilisation: fc.constantFrom(0.95, 0.5),
  maxStage: fc.constantFrom(0, 1, 5),
  additiveShare: fc.constantFrom(5e-4, 0.05, 0.3),
  leastRate: fc.constantFrom(1e-4, 1e-2),
});

const rccc = fc.record({
  kind: fc.constant("rccc" as const),
  cnpIntervalPs: fc.constant(0 as const),
  baseRttPs: fc.constantFrom(3_000_000, 12_345_678),
  speculativeShare: fc.constantFrom(0, 0.1, 1),
  underWayShare: fc.constantFrom(0.01, 0.5, 1.5),
  pullQuanta: fc.constantFrom(1, 5, 66),
});

const congestionControl = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: dcqcn },
  { weight: 1, arbitrary: swift },
  { weight: 1, arbitrary: nscc },
  { weight: 1, arbitrary: hpcc },
  { weight: 2, arbitrary: rccc },
);

/** Timeouts from shorter than a congested round trip to longer than any run. */
const common = {
  ackMarked: fc.boolean(),
  ackEvery: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 8 })),
  rtoPs: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 20_000_000, max: 200_000_000 }) },
    { weight: 1, arbitrary: fc.constantFrom(50_000_000, 67_000_000_000) },
  ),
  mostRtoPs: fc.constantFrom(null, null, 250_000_000, 1_000_000_000, 67_000_000_000),
  retryLimit: fc.constantFrom(7, 7, 7, 3),
  congestionControl,
};

const transport = fc.oneof(
  fc.record({
    recovery: fc.constant("go-back-n" as const),
    windowPackets: fc.constantFrom(0, 0, 1, 4, 16, 64),
    ...common,
  }),
  fc.record({
    recovery: fc.constant("selective" as const),
    windowPackets: fc.constantFrom(1, 4, 16, 64, 100),
    reorderPackets: fc.constantFrom(1, 3, 8, 64),
    lostResends: fc.constantFrom("timeout" as const, "detect" as const, "detect" as const),
    quietPs: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 5_000_000 }) },
      { weight: 2, arbitrary: fc.integer({ min: 5_000_000, max: 200_000_000 }) },
    ),
    ...common,
  }),
);

const NO_NOTICES = {
  groupDivisor: fc.constant(1),
  remoteEntries: fc.constant(1),
  noticeQuanta: fc.constant(1),
  noticeIntervalPs: fc.constant(1),
};

/** Of policies that are built in, those of switches: a run can change between them. */
const SWITCHED = policiesWith(({ fork, pathPer }) => fork === true && pathPer !== "unknown");
const SPRAYED = policiesWith(({ sprays }) => sprays);

/** Those that remember most come twice as often. */
export const randomRouting = fc.record({
  policy: fc.constantFrom(...SWITCHED, "adaptive" as const, "flowlet" as const),
  quantumShift: fc.constantFrom(18, 12, 10, 16),
  entropies: fc.constant(1),
  freezePs: fc.constant(0),
  flowletGapPs: fc.constantFrom(1, 300_000, 5_000_000, 50_000_000),
  flowletEntries: fc.constantFrom(1, 3, 1024),
  ...NO_NOTICES,
});

/** Queues that are told of often, of destinations that share entries. */
const randomRemote = fc.record({
  policy: fc.constant("adaptive-remote" as const),
  quantumShift: fc.constantFrom(18, 12, 10, 16),
  entropies: fc.constant(1),
  freezePs: fc.constant(0),
  flowletGapPs: fc.constant(1),
  flowletEntries: fc.constant(1),
  groupDivisor: fc.constantFrom(1, 2, 3),
  remoteEntries: fc.constantFrom(1, 2, 64),
  noticeQuanta: fc.constantFrom(1, 1, 3, 100),
  noticeIntervalPs: fc.constantFrom(1, 300_000, 5_000_000),
});

const randomSpraying = fc.record({
  policy: fc.constantFrom(...SPRAYED),
  quantumShift: fc.constant(18),
  entropies: fc.constantFrom(1, 2, 8, 64),
  freezePs: fc.constantFrom(1_000_000, 30_000_000),
  flowletGapPs: fc.constant(1),
  flowletEntries: fc.constant(1),
  ...NO_NOTICES,
});

const watchdog = fc.record({
  detectPs: fc.constantFrom(1, 300_000, 2_000_000, 10_000_000),
  restorePs: fc.constantFrom(1, 500_000, 20_000_000),
  action: fc.constantFrom("drop", "forward"),
});

const flowControl = fc.record({
  watchdog: maybe(3, watchdog),
  release: fc.constantFrom("end", "start"),
  pauseResponsePs: fc.constantFrom(0, 0, 100_000, 777),
  pauses: maybe(
    3,
    fc.record({
      pauseBytes: fc.constantFrom(6400, 50_000, 500_000),
      refreshShare: fc.constantFrom(0, 0.3, 0.5, 0.5, 1, 1.7),
    }),
  ),
  trim: fc.boolean(),
  victim: fc.constantFrom("arriving", "random", "fair", "fair"),
  dropAlphaNum: fc.constantFrom(1, 2, 3),
  dropAlphaDen: fc.constantFrom(1, 2, 4),
  credit: fc.record({
    blockBytes: fc.constantFrom(64, 1, 100, 4096),
    updateBytes: fc.constantFrom(8, 1, 84),
    responsePs: fc.constantFrom(300_000, 0, 777),
  }),
});

/**
 * Receive buffers that hold a packet or so, and some that never run out; updates after every
 * packet, or only when they must come.
 */
export const linkCredit = fc.record({
  bufferPackets: fc.constantFrom(1, 1, 1.5, 2, 3, 7, 100),
  updatePackets: fc.constantFrom(0, 0.1, 1, 2, 50),
});

/**
 * A switch's rules, with buffers counted in packets so that they fill. Of PFC, `bufferPackets` is
 * the shared part.
 */
const switchRules = fc.record({
  credit: maybe(3, linkCredit),
  lossless: fc.constantFrom(true, true, false),
  heedless: fc.constantFrom(undefined, true),
  bufferPackets: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 4, max: 100 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 4000) },
  ),
  latencyPs: fc.constantFrom(600_000, 0, 1, 300_000),
  reserveBytes: fc.constantFrom(4096, 0, 1000),
  headroomPackets: fc.constantFrom(40, 10, 2, 0),
  lossyPackets: fc.constantFrom(8, 8, 20, 100, 0),
  xoffPackets: fc.constantFrom(DYNAMIC_XOFF, DYNAMIC_XOFF, DYNAMIC_XOFF, 0, 1, 3, 10),
  alphaShift: fc.nat(3),
  resumeOffsetBytes: fc.constantFrom(3072, 0, 9000),
  pinDivisor: fc.integer({ min: 1, max: 3 }),
  pinSeed: maybe(2, fc.nat(60_000)),
});

/** Limits of egress queues, in packets, which the links take in turn. */
const queueLimits = maybe(2, fc.array(fc.constantFrom(NO_QUEUE_LIMIT, 1, 2.5, 8, 20), { minLength: 1, maxLength: 5 }));

/** All switches alike in most networks. */
const switchPalette = fc.oneof(
  { weight: 3, arbitrary: fc.array(switchRules, { minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.array(switchRules, { minLength: 2, maxLength: 3 }) },
);

const ecn = maybe(
  2,
  fc.record({
    at: fc.constantFrom("enqueue", "dequeue"),
    kminPs: fc.constantFrom(0, 200_000, 1_000_000),
    kmaxPs: fc.constantFrom(1_000_000, 4_000_000),
    pmax: fc.constantFrom(0.2, 1),
  }),
);

/** Most runs have one. Turns from less than a packet on. Half of several have rules of their own. */
const dataClasses = maybe(
  2,
  fc
    .tuple(
      fc.array(fc.record({ priority: fc.constantFrom(0, 0, 1), weight: fc.constantFrom(1, 1, 2, 5, 0.3) }), {
        minLength: 2,
        maxLength: 4,
      }),
      maybe(2, fc.array(randomClassRules, { minLength: 4, maxLength: 4 })),
    )
    .map(([classes, rules]) =>
      classes
        .map((each, i): NetworkClass => ({ ...each, ...(rules?.[i] !== undefined && { rules: rules[i] }) }))
        .sort((a, b) => b.priority - a.priority),
    ),
);

const nicLatencyPs = fc.oneof(
  fc.constantFrom(700_000, 0),
  fc.array(fc.constantFrom(700_000, 0, 1, 123_456), { minLength: 1, maxLength: 10 }),
);

/**
 * Random small networks with everything that the model has: pauses and drops, losses and timeouts,
 * ties, dependencies. A run takes some thousand packet hops. `adjust` narrows them, for a simulator
 * that cannot do everything yet.
 */
export function randomNetwork(adjust: (spec: NetworkSpec) => NetworkSpec = (spec) => spec): fc.Arbitrary<NetworkSpec> {
  return fc.constantFrom(1024, 4096, 256).chain((mtuBytes) =>
    fc
      .record({
        topology: randomTopology(mtuBytes, SCALE_UP_MTU_BYTES),
        flows: randomFlows(MAX_DATA_PACKETS),
        switchPalette,
        queueLimits,
        seed: fc.nat(0xffffffff),
        hostsPerDevice: fc.integer({ min: 1, max: 4 }),
        switchesFirst: fc.boolean(),
        wire,
        transport,
        controlScales: maybe(3, fc.array(fc.constantFrom(1, 0.25, 0.5, 4), { minLength: 2, maxLength: 3 })),
        routing: fc.oneof(
          { weight: 3, arbitrary: randomRouting },
          { weight: 1, arbitrary: randomSpraying },
          { weight: 1, arbitrary: randomRemote },
        ),
        flowControl,
        ecn,
        dataClasses,
        classSeed: fc.nat(0xffff),
        nicLatencyPs,
        // From less than a packet to longer than most runs.
        messageOverheadPs: maybe(4, fc.constantFrom(1, 10_000, 512_000, 2_000_000, 50_000_000)),
        stalls: maybe(
          4,
          fc.uniqueArray(
            fc.record({
              host: fc.nat(63),
              fromPs: fc.constantFrom(0, 1_000_000, 3_141_592),
              forPs: fc.constantFrom(1, 2_000_000, 20_000_000, 100_000_000),
              bufferBytes: fc.constantFrom(0, 5000, 200_000),
            }),
            { minLength: 1, maxLength: 3, selector: ({ host }) => host },
          ),
        ),
        brokenLimitPs: fc.constantFrom(30_000_000, 200_000_000),
        timeLimitPs: maybe(8, fc.constantFrom(1_700_000, 3_000_000, 20_000_000, 1_000_000_000)),
      })
      .map(
        ({
          topology,
          flows,
          switchPalette,
          queueLimits = [NO_QUEUE_LIMIT],
          ecn,
          dataClasses,
          classSeed,
          nicLatencyPs,
          messageOverheadPs,
          timeLimitPs,
          brokenLimitPs,
          stalls = [],
          ...rest
        }) => {
          const { hosts } = topology;
          const links = topology.links.map((link, i) => {
            // The largest packet fits.
            const bytes = Math.max(
              queueLimits[i % queueLimits.length]! * mtuBytes,
              Math.max(mtuBytes, SCALE_UP_MTU_BYTES) + 100,
            );
            return { ...link, buffers: { queueLimitBytes: Math.ceil(Math.min(bytes, NO_QUEUE_LIMIT)) } };
          });
          const switches = topology.switches.map((sw, i): NetworkSwitch => {
            const { bufferPackets, headroomPackets, xoffPackets, lossyPackets, credit, ...rules } =
              switchPalette[i % switchPalette.length]!;
            const headroomBytes = headroomPackets * mtuBytes;
            const portCount = links.filter(({ a, b }) => a === sw.id || b === sw.id).length;
            const lossyBytes = lossyPackets * mtuBytes;
            const ownBytes = rules.lossless
              ? portCount * keptBytes(dataClasses, lossyBytes, headroomBytes, rules.reserveBytes)
              : 0;
            return {
              ...sw,
              ...rules,
              ...(credit === undefined
                ? {}
                : {
                    credit: {
                      bufferBytes: credit.bufferPackets * mtuBytes,
                      updateBytes: credit.updatePackets * mtuBytes,
                    },
                  }),
              // A tail-drop switch that takes no packet at all would only make QPs fail.
              bufferBytes: Math.max(bufferPackets, rules.lossless ? 0 : 8) * mtuBytes + ownBytes + lossyBytes,
              lossyBytes,
              headroomBytes,
              xoffBytes: xoffPackets === DYNAMIC_XOFF ? DYNAMIC_XOFF : xoffPackets * mtuBytes,
            };
          });
          // Pauses are for links without credit.
          const creditSwitches = new Set(switches.filter(({ credit }) => credit !== undefined).map(({ id }) => id));
          const onCredit = new Set(
            links.filter(({ a, b }) => creditSwitches.has(a) || creditSwitches.has(b)).flatMap(({ a, b }) => [a, b]),
          );
          // A trimmed packet must be in another class than what is trimmed, and be repeated alone.
          const isRepeated = rest.wire.ackClass === "control" && rest.transport.recovery === "selective";
          const { pauses, ...rules } = rest.flowControl;
          const transport = { ...rest.transport, ackMarked: rest.transport.ackMarked && ecn !== undefined };
          const trim = rules.trim && isRepeated;
          // Of a run in which a QP fails little is compared: it is cut off before that.
          const mayBreak = links.some(({ downAtPs }) => downAtPs !== undefined);
          // Packets that wait for each other are paused again and again until a QP fails.
          const isRefreshed = pauses !== undefined && pauses.refreshShare > 0;
          const cutOffPs = timeLimitPs ?? (mayBreak || isRefreshed ? brokenLimitPs : undefined);
          const wire =
            rest.routing.policy === "adaptive-remote" ? { ...rest.wire, ackClass: "control" as const } : rest.wire;
          return adjust({
            hosts,
            switches,
            links,
            flows: inClasses(flows.on(topology, mtuBytes), dataClasses?.length ?? 1, classSeed),
            ...(dataClasses === undefined ? {} : { dataClasses }),
            ...rest,
            wire,
            transport,
            flowControl: { ...rules, ...pauses, trim },
            stalls: stalls
              .map(({ host, forPs, ...stall }) => ({
                host: hosts[host % hosts.length]!,
                untilPs: stall.fromPs + forPs,
                ...stall,
              }))
              .filter(({ host }, i, all) => all.findIndex((other) => other.host === host) === i)
              .filter(({ host }) => !onCredit.has(host)),
            nicLatencyPs:
              typeof nicLatencyPs === "number"
                ? nicLatencyPs
                : hosts.map((i) => nicLatencyPs[i % nicLatencyPs.length]!),
            ...(ecn === undefined ? {} : { ecn }),
            ...(messageOverheadPs === undefined ? {} : { messageOverheadPs }),
            ...(cutOffPs === undefined ? {} : { timeLimitPs: cutOffPs }),
          });
        },
      )
      .filter((spec) => fitsCore(buildPlan(spec))),
  );
}

/** What the lossless classes keep of a buffer at each port. */
function keptBytes(
  dataClasses: readonly NetworkClass[] = [{ priority: 0, weight: 1 }],
  lossyBytes: number,
  headroomBytes: number,
  reserveBytes: number,
): number {
  return dataClasses
    .filter(({ rules }) => lossyBytes === 0 || !rules?.isLossy)
    .reduce(
      (sum, { rules }) => sum + (rules?.headroomBytes ?? headroomBytes) + (rules?.reserveBytes ?? reserveBytes),
      0,
    );
}

/** Spreads flows over data classes. */
function inClasses(flows: readonly NetworkFlow[], classes: number, seed: number): readonly NetworkFlow[] {
  if (classes === 1) return flows;
  return flows.map((flow, i) => ({ ...flow, dataClass: (Math.imul(seed + i, 0x9e3779b1) >>> 16) % classes }));
}

/**
 * The plans of `randomNetwork`; a failure prints the network, ready to be given to `buildPlan`, and
 * the plan in words.
 */
export function randomPlan(adjust?: (spec: NetworkSpec) => NetworkSpec): fc.Arbitrary<RunPlan> {
  return randomNetwork(adjust).map((spec) => {
    const plan = buildPlan(spec);
    const print = () => `buildPlan(${JSON.stringify(spec)})\n${describePlan(plan)}\n`;
    return Object.assign(plan, { [fc.toStringMethod]: print });
  });
}
