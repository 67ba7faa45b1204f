import type { ResultDocument, TopologySummary } from "../../src/answer/result/document.js";
import type { EngineSummary } from "../../src/answer/result/document-engine.js";
import type { Outcome, PortCounters, Totals } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";

export const COUNTS: TopologySummary = {
  ...{ kind: "leaf-spine", gpus: 4, nodes: 4, switches: 4, nvSwitches: 0 },
  ...{ links: 8, scaleUpLinks: 0, transceivers: 8 },
};

const NOT_SKIPPED = { cycles: 0, skippedNs: 0, skippedPacketHops: 0, replicas: 0 };

export const ENGINE: EngineSummary = {
  ...{
    wallMs: 12.5,
    runMs: 10,
    packetHops: 1000,
    packetHopsPerSecond: 80_000,
    simulatedPacketHopsPerSecond: 1e5,
    windows: 10,
    threads: 1,
  },
  ...{ peakMemoryBytes: 2 ** 20, simulatedNs: 5000, digest: "0123456789abcdef", fastForward: NOT_SKIPPED },
};

export interface OutcomeParts {
  readonly status?: Outcome["status"];
  readonly endPs?: number;
  readonly lastTransmissionPs?: number;
  readonly failedFlow?: number;
  /** By flow; NaN where not delivered. */
  readonly finishPs?: readonly number[];
  readonly totals?: Partial<Totals>;
  /** Values of single ports. */
  readonly ports?: { readonly [Name in keyof PortCounters]?: Readonly<Record<number, number>> };
}

/** An outcome of a plan in which nothing happened but what is said. */
export function outcomeOf(plan: RunPlan, parts: OutcomeParts = {}): Outcome {
  const { flows, fabric } = plan;
  const finishPs = Float64Array.from(parts.finishPs ?? flows.startPs.map(() => Number.NaN));
  const counter = (name: keyof PortCounters) =>
    Float64Array.from({ length: fabric.peerPort.length }, (_, port) => parts.ports?.[name]?.[port] ?? 0);
  return {
    status: parts.status ?? "finished",
    endPs: parts.endPs ?? finishPs.reduce((most, ps) => Math.max(most, Number.isNaN(ps) ? 0 : ps), 0),
    lastTransmissionPs: parts.lastTransmissionPs ?? 0,
    failedFlow: parts.failedFlow ?? -1,
    startPs: flows.startPs,
    finishPs,
    ackedPs: finishPs.map((ps) => ps + 1000),
    chunksDelivered: flows.chunks.map((chunks, flow) => (Number.isNaN(finishPs[flow]) ? 0 : chunks)),
    totals: {
      ...{ hops: 0, dataHops: 0, dataSent: 0, retransmitted: 0, dataDelivered: 0, acksSent: 0, acksReceived: 0 },
      ...{ nacksSent: 0, timeouts: 0, droppedCongestion: 0, droppedCrc: 0, droppedOrdering: 0 },
      ...{
        pausesSent: 0,
        resumesSent: 0,
        ecnMarked: 0,
        cnpsSent: 0,
        cnpsReceived: 0,
        trimmed: 0,
        trimmedReceived: 0,
        replays: 0,
      },
      ...{
        pullsSent: 0,
        pullsReceived: 0,
        droppedLinkDown: 0,
        outOfOrder: 0,
        creditUpdatesSent: 0,
        noticesSent: 0,
        noticesReceived: 0,
      },
      ...{ refreshesSent: 0, pausesLapsed: 0, storms: 0, droppedWatchdog: 0 },
      ...parts.totals,
    },
    ports: {
      txBytes: counter("txBytes"),
      maxBacklogPs: counter("maxBacklogPs"),
      pausedPs: counter("pausedPs"),
      longestPausePs: counter("longestPausePs"),
      ecnMarked: counter("ecnMarked"),
      droppedCrc: counter("droppedCrc"),
      firstCrcPs: counter("firstCrcPs"),
      droppedLinkDown: counter("droppedLinkDown"),
      droppedWatchdog: counter("droppedWatchdog"),
      pausesSent: counter("pausesSent"),
      droppedCongestion: counter("droppedCongestion"),
      creditWaitPs: counter("creditWaitPs"),
      longestCreditWaitPs: counter("longestCreditWaitPs"),
    },
  };
}

/** Global port of the link from one device to another, by name. */
export function portOf({ fabric }: RunPlan, from: string, to: string): number {
  const deviceAt = (port: number) => fabric.firstPort.findLastIndex((first) => first <= port);
  const name = (port: number) => fabric.deviceName(deviceAt(port));
  return fabric.peerPort.findIndex((peer, port) => name(port) === from && name(peer) === to);
}

/** A finished all-reduce on a fabric of 1,024 GPUs. */
export const FINISHED: ResultDocument = {
  schema: "heddle.result/1",
  heddleVersion: "0.1.0",
  status: "finished",
  scenario: { name: "rail-1k", seed: 1, digest: "00ff" },
  topology: {
    ...{ kind: "rail-optimized", gpus: 1024, nodes: 128, switches: 48, nvSwitches: 128 },
    ...{ links: 2048, scaleUpLinks: 1024, transceivers: 3072 },
  },
  workload: { kind: "collective", collective: "all-reduce", algorithm: "ring", sizeBytes: 256 * 2 ** 20 },
  policies: { routing: "adaptive", flowControl: "pfc", recovery: "go-back-n", ecn: true },
  startNs: 0,
  jctNs: 14_000_000,
  idealJctNs: 10_500_000,
  efficiency: 0.75,
  algbwGBps: 19.17,
  busbwGBps: 38.31,
  ranks: {
    finishNs: { min: 13_000_000, p50: 13_500_000, p99: 13_990_000, max: 14_000_000 },
    slowest: [
      { rank: 17, name: "gpu-17", finishNs: 14_000_000 },
      { rank: 3, name: "gpu-3", finishNs: 13_995_000 },
    ],
  },
  steps: { p50Ns: 6500, p99Ns: 6800, maxNs: 6842 },
  packets: {
    ...{ sent: 134_086_656, delivered: 134_086_656, retransmitted: 12, trimmed: 0, replayed: 0 },
    outOfOrder: 0,
    dropped: { congestion: 0, crc: 12, linkDown: 0, ordering: 40, watchdog: 0 },
    ...{ hops: 402_259_968, dataHops: 268_173_312, acks: 134_086_656, nacks: 12, timeouts: 0, notices: 0 },
  },
  pfc: {
    ...{ pauses: 41, pausedNs: 123_456, longestPauseNs: 9876, refreshes: 0, lapsed: 0, storms: 0 },
    cascades: [{ root: "spine-3", ports: 17, pausedNs: 120_000 }],
  },
  cost: {
    gpus: 1024,
    ...{ switches: [], optics: [], cables: [], fibres: 0, breakouts: [], missing: [] },
    ...{ total: { lowUsd: 1e6, highUsd: 2e6, lowWatts: 40_000, highWatts: 60_000 }, watts: 50_000 },
    perGpu: { lowUsd: 977, highUsd: 1953, watts: 48.8, transceivers: 4 },
    perBusbwGBps: { lowUsd: 26_103, highUsd: 52_206, watts: 1305 },
  },
  ecn: { marked: 1234, cnps: 0 },
  links: {
    observedNs: 14_001_000,
    utilisation: { mean: 0.31, p99: 0.76, max: 0.82 },
    maxQueueBytes: { mean: 12_345, p99: 987_654, max: 1_234_567 },
    hottest: [
      {
        ...{ from: "leaf-0", to: "spine-3", utilisation: 0.82, txBytes: 574_000_000, maxQueueBytes: 1_234_567 },
        ...{
          pausedNs: 9876,
          creditWaitNs: 0,
          ecnMarked: 1234,
          droppedCrc: 12,
          droppedLinkDown: 0,
          droppedWatchdog: 0,
          droppedCongestion: 0,
        },
      },
      {
        ...{ from: "gpu-17", to: "leaf-1", utilisation: 0.76, txBytes: 532_000_000, maxQueueBytes: 0 },
        ...{
          pausedNs: 0,
          creditWaitNs: 0,
          ecnMarked: 0,
          droppedCrc: 0,
          droppedLinkDown: 0,
          droppedWatchdog: 0,
          droppedCongestion: 0,
        },
      },
    ],
  },
  notes: [],
  explanation: [
    {
      ...{ cause: "bound", basis: "bound", shareOfJct: 0.75, ns: 10_500_000, where: "fabric" },
      text: "No algorithm can finish this all-reduce on this fabric in less than 10.5 ms.",
    },
    {
      ...{ cause: "schedule", basis: "bound", shareOfJct: 0.125, ns: 1_750_000, where: "ring" },
      text: "On an empty network the ring schedule needs 12.3 ms, 1.75 ms more than the bound.",
    },
    {
      ...{ cause: "queueing", basis: "evidence", shareOfJct: 0.125, ns: 1_750_000, where: "leaf-0 -> spine-3" },
      text: "Packets waited behind others, where flows share a link. The busiest link, leaf-0 -> spine-3, was used 82.0 % of the time with up to 1.18 MiB queued.",
    },
  ],
  engine: {
    ...{
      wallMs: 9800,
      runMs: 9000,
      packetHops: 402_259_968,
      packetHopsPerSecond: 41_046_935,
      simulatedPacketHopsPerSecond: 44_695_552,
      windows: 20_000,
      threads: 2,
    },
    ...{
      peakMemoryBytes: 340 * 2 ** 20,
      simulatedNs: 14_001_000,
      digest: "0123456789abcdef",
      fastForward: NOT_SKIPPED,
    },
  },
};
