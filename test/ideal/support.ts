import type { Fabric, LinkClass, RangeRouting, SwitchSpec, TableRouting } from "../../src/plan/fabric.js";
import type { FlowGraph } from "../../src/plan/flows.js";
import type { RoutingPolicyName, RunPlan } from "../../src/plan/plan.js";
import type { Scenario, Workload } from "../../src/scenario/types/scenario.js";

export interface TinyFlow {
  readonly src: number;
  readonly dst: number;
  readonly bytes: number;
  readonly chunks?: number;
  readonly startPs?: number;
  readonly isScaleUp?: boolean;
  readonly up?: readonly { readonly flow: number; readonly lag: number }[];
}

/** A leaf-spine fabric with one rank per host device, written out by hand. */
export interface TinySpec {
  readonly leaves?: number;
  readonly hostsPerLeaf?: number;
  readonly spines?: number;
  readonly accessBps?: number;
  readonly fabricBps?: number;
  /** Ranks of a node share an NVSwitch; left out, there is none. */
  readonly gpusPerNode?: number;
  /** Rates of single leaf-to-spine directions, by `leaf-spine`. */
  readonly uplinkBps?: Readonly<Record<string, number>>;
  readonly policy?: RoutingPolicyName;
  /** Of every flow. */
  readonly delayPs?: number;
  /** In place of the routing of a switch, by name. */
  readonly routing?: Readonly<Record<string, TableRouting>>;
  readonly flows?: readonly TinyFlow[];
}

export const NIC_PS = 700_000;
export const SWITCH_PS = 600_000;
export const FLIGHT_PS = 15_000 + 75_000;
/** A full packet, 4,178 bytes on the wire, at 400 Gb/s. */
export const FULL_PS = 83_560;
export const SCALE_UP_NIC_PS = 100_000;
export const NVSWITCH_PS = 300_000;

interface TinyLink {
  readonly a: number;
  readonly b: number;
  readonly level: string;
  readonly rateBps: number;
  readonly backBps: number;
  readonly mtuBytes: number;
}

export function tinyPlan(spec: TinySpec = {}): RunPlan {
  const { flows = [], policy = "ecmp", delayPs = 0 } = spec;
  const fabric = tinyFabric(spec);
  return {
    seed: 1,
    fabric,
    flows: { ...tinyFlows(fabric, flows), delayPs: new Float64Array(flows.length).fill(delayPs) },
    wire: { headerBytes: 62, gapBytes: 20, ackBytes: 64, pauseBytes: 64, ackClass: "control", serialization: "round" },
    transport: {
      recovery: "go-back-n",
      windowPackets: 0,
      ackEvery: 1,
      ackMarked: false,
      rtoPs: 1e9,
      mostRtoPs: null,
      retryLimit: 7,
      reorderPackets: 64,
      lostResends: "timeout",
      quietPs: 0,
      congestionControl: null,
    },
    routing: {
      policy,
      quantumShift: 18,
      entropies: 1,
      freezePs: 0,
      flowletGapPs: 50_000_000,
      flowletEntries: 1024,
      groupDivisor: 1,
      remoteEntries: 1,
      noticeQuanta: 1,
      noticeIntervalPs: 1,
    },
    flowControl: {
      lossless: new Uint8Array(fabric.switches.length).fill(1),
      release: "end",
      pauseResponsePs: 0,
      ports: {
        reserveBytes: new Uint32Array(fabric.peerPort.length),
        headroomBytes: new Uint32Array(fabric.peerPort.length),
        xoffBytes: new Uint32Array(fabric.peerPort.length),
        alphaShift: new Uint8Array(fabric.peerPort.length),
        resumeOffsetBytes: new Uint32Array(fabric.peerPort.length),
        queueLimitBytes: new Uint32Array(fabric.peerPort.length).fill(0xffffffff),
      },
      pauses: null,
      watchdog: null,
      trim: false,
      victim: "arriving",
      dropAlphaNum: 1,
      dropAlphaDen: 1,
      credit: null,
    },
    dataClasses: [{ priority: 0, turnBytes: 4178 }],
    ecn: null,
    hazards: fabric.linkClasses.map(() => null),
    nicLatencyPs: Float64Array.from(fabric.nics.isScaleUp, (isScaleUp) => (isScaleUp ? SCALE_UP_NIC_PS : NIC_PS)),
    timeline: [],
    stalls: [],
    timeLimitPs: Number.POSITIVE_INFINITY,
  };
}

function tinyFabric(spec: TinySpec): Fabric {
  const { leaves = 1, hostsPerLeaf = 2, spines = 0, gpusPerNode = 0 } = spec;
  const { accessBps = 400e9, fabricBps = 400e9 } = spec;
  const ranks = leaves * hostsPerLeaf;
  const nodes = gpusPerNode > 0 ? ranks / gpusPerNode : 0;
  const names = [
    ...numbered(ranks, "gpu"),
    ...numbered(leaves, "leaf"),
    ...numbered(spines, "spine"),
    ...numbered(nodes, "nvswitch"),
  ];
  const leafDevice = (leaf: number) => ranks + leaf;
  const spineDevice = (spine: number) => ranks + leaves + spine;
  const links: TinyLink[] = [];
  const link = (a: number, b: number, level: string, rateBps: number, backBps = rateBps, mtuBytes = 4096) =>
    links.push({ a, b, level, rateBps, backBps, mtuBytes });
  for (let rank = 0; rank < ranks; rank++) link(rank, leafDevice(Math.floor(rank / hostsPerLeaf)), "access", accessBps);
  for (let leaf = 0; leaf < leaves; leaf++) {
    for (let spine = 0; spine < spines; spine++) {
      link(
        leafDevice(leaf),
        spineDevice(spine),
        "fabric",
        spec.uplinkBps?.[`${leaf}-${spine}`] ?? fabricBps,
        fabricBps,
      );
    }
  }
  for (let rank = 0; nodes > 0 && rank < ranks; rank++) {
    link(rank, spineDevice(spines) + Math.floor(rank / gpusPerNode), "scaleUp", 3200e9, 3200e9, 65_536);
  }

  const range = (low: number, high: number, stride: number, up: { upBase: number; upCount: number }): RangeRouting => ({
    ...{ kind: "range", low, high, stride, downBase: 0, downWidth: 1, ...up, pinDivisor: 1 },
  });
  const none = { upBase: 0, upCount: 0 };
  const switchOf = (device: number, level: SwitchSpec["level"], routing: RangeRouting): SwitchSpec => {
    const name = names[device]!;
    const latencyPs = level === "nvswitch" ? NVSWITCH_PS : SWITCH_PS;
    return { device, name, level, latencyPs, bufferBytes: 2 ** 24, routing: spec.routing?.[name] ?? routing };
  };
  const switches = [
    ...Array.from({ length: leaves }, (_, i) =>
      switchOf(
        leafDevice(i),
        "leaf",
        range(i * hostsPerLeaf, (i + 1) * hostsPerLeaf, 1, { upBase: hostsPerLeaf, upCount: spines }),
      ),
    ),
    ...Array.from({ length: spines }, (_, i) => switchOf(spineDevice(i), "spine", range(0, ranks, hostsPerLeaf, none))),
    ...Array.from({ length: nodes }, (_, i) =>
      switchOf(spineDevice(spines) + i, "nvswitch", range(i * gpusPerNode, (i + 1) * gpusPerNode, 1, none)),
    ),
  ];

  const ends = names.flatMap((_, device) =>
    links.flatMap((l, index) => (l.a === device || l.b === device ? [{ device, index, isBack: l.b === device }] : [])),
  );
  const keys: string[] = [];
  const linkClasses: LinkClass[] = [];
  const classOf = ({ index, isBack }: (typeof ends)[number]) => {
    const { level, rateBps, backBps, mtuBytes } = links[index]!;
    const own = isBack ? backBps : rateBps;
    const key = `${level} ${own}`;
    if (!keys.includes(key)) {
      keys.push(key);
      linkClasses.push({
        level,
        rateBps: own,
        propagationPs: 15_000,
        fecPs: 75_000,
        mtuBytes,
        loss: null,
        retries: false,
        downAtPs: Number.POSITIVE_INFINITY,
      });
    }
    return keys.indexOf(key);
  };
  const nicEnds = ends.map((end, port) => ({ ...end, port })).filter(({ device }) => device < ranks);
  return {
    deviceCount: names.length,
    firstPort: Uint32Array.from({ length: names.length + 1 }, (_, d) => ends.filter(({ device }) => device < d).length),
    peerPort: Uint32Array.from(ends, (end) => ends.findIndex((o) => o.index === end.index && o.isBack !== end.isBack)),
    portClass: Uint16Array.from(ends, classOf),
    linkClasses,
    switches,
    nics: {
      count: nicEnds.length,
      port: Uint32Array.from(nicEnds, ({ port }) => port),
      rank: Uint32Array.from(nicEnds, ({ device }) => device),
      address: Uint32Array.from(nicEnds, ({ device }) => device),
      isScaleUp: Uint8Array.from(nicEnds, ({ index }) => (links[index]!.level === "scaleUp" ? 1 : 0)),
    },
    rankCount: ranks,
    deviceName: (device) => names[device]!,
    rankName: (rank) => `gpu-${rank}`,
  };
}

function numbered(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${i}`);
}

function tinyFlows({ nics }: Fabric, flows: readonly TinyFlow[]): FlowGraph {
  const nicOf = (rank: number, isScaleUp = false) =>
    Array.from(nics.rank).findIndex((owner, nic) => owner === rank && (nics.isScaleUp[nic] === 1) === isScaleUp);
  const edges = flows.flatMap(({ up = [] }) => up);
  let edge = 0;
  return {
    count: flows.length,
    srcNic: Uint32Array.from(flows, ({ src, isScaleUp }) => nicOf(src, isScaleUp)),
    dstNic: Uint32Array.from(flows, ({ dst, isScaleUp }) => nicOf(dst, isScaleUp)),
    chunkBytes: Float64Array.from(flows, ({ bytes }) => bytes),
    chunks: Uint32Array.from(flows, ({ chunks = 1 }) => chunks),
    startPs: Float64Array.from(flows, ({ startPs = 0 }) => startPs),
    connection: Uint32Array.from(flows, (_, flow) => flow),
    upFirst: Uint32Array.from([{ up: [] }, ...flows], ({ up = [] }) => (edge += up.length)),
    upFlow: Uint32Array.from(edges, ({ flow }) => flow),
    upLag: Int32Array.from(edges, ({ lag }) => lag),
  };
}

/**
 * A ring all-reduce of `chunkBytes` chunks: each flow waits for its neighbour's, one chunk behind.
 */
export function ringFlows(ranks: number, chunkBytes: number): TinyFlow[] {
  return Array.from({ length: ranks }, (_, src) => ({
    src,
    dst: (src + 1) % ranks,
    bytes: chunkBytes,
    chunks: 2 * (ranks - 1),
    up: [{ flow: (src + ranks - 1) % ranks, lag: 1 }],
  }));
}

/** Of the scenario only what results are made from; the rest are plausible values. */
export function tinyScenario(workload: Workload): Scenario {
  const level = {
    rateBps: 400e9,
    propagationPs: 15_000,
    fecPs: 75_000,
    ber: 0,
    frameLossRatio: 0,
    retries: false,
    optic: "dac" as const,
    lengthMm: 0,
    breakout: 1,
    cellBytes: null,
  };
  return {
    version: 1,
    name: "tiny",
    seed: 1,
    topology: {
      ...{ kind: "leaf-spine", gpus: 2, gpusPerNode: 1, radix: 64 },
      ...{ tiers: 2, oversubscription: 1, scaleUp: true },
    },
    links: { scaleUp: level, access: level, fabric: level, core: level },
    switch: {
      ...{ latencyPs: SWITCH_PS, bufferBytes: 2 ** 24, switching: "store-and-forward" },
      ...{ scaleUpLatencyPs: NVSWITCH_PS, scaleUpBufferBytes: 2 ** 24 },
    },
    nic: { latencyPs: NIC_PS, scaleUpLatencyPs: SCALE_UP_NIC_PS },
    wire: { headerBytes: 62, gapBytes: 20, ackBytes: 64, pauseBytes: 64, ackClass: "control", serialization: "round" },
    routing: {
      policy: "ecmp",
      quantumBytes: 0,
      entropies: 1,
      freezePs: 0,
      flowletGapPs: 0,
      noticeBytes: 0,
      noticeIntervalPs: 0,
    },
    flowControl: {
      ...{ kind: "pfc", release: "end", responsePs: 0, reserveBytes: 0, headroom: "auto" },
      ...{
        threshold: { kind: "dynamic", alphaShift: 3 },
        resumeOffsetBytes: 0,
        quanta: null,
        refreshShare: null,
        watchdog: null,
        trim: false,
        victim: "arriving",
        ...{ queueTimePs: null, queueSizeBytes: null },
        dropAlpha: { num: 1, den: 1 },
        credit: null,
      },
    },
    ecn: null,
    transport: {
      ...{
        kind: "roce",
        mtuBytes: 4096,
        windowBytes: 0,
        ackEvery: 1,
        ackMarked: false,
        qpsPerConnection: 1,
        recovery: "go-back-n",
      },
      ...{ rtoPs: 1e9, retryLimit: 7, reorderPackets: 64, congestionControl: { kind: "none" } },
      lostResends: "timeout",
    },
    placement: "packed",
    workload,
    faults: [],
    checkpoint: { interval: 3_600_000, writeMs: 60_000, restartMs: 600_000 },
    availability: {
      ...{ rates: "llama-3", network: "rates", fatalShare: 1, runs: 10, horizonMs: 3_600_000, gpuHourUsd: 1 },
      unstableLinks: { count: 0, flapsPerHour: 0, downMs: 0, fatalShare: 1 },
    },
    timeLimitPs: Number.POSITIVE_INFINITY,
  };
}

export function allReduce(sizeBytes: number): Workload {
  return {
    ...{ kind: "collective", collective: "all-reduce", algorithm: "ring", sizeBytes },
    ...{ chunkBytes: null, root: 0, repeat: 1, channels: 1, reductionDelayPs: 0 },
  };
}
