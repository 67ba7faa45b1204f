/**
 * A row of a store: what a point came to, flat. Nothing in it depends on the machine, the threads
 * or the time that it took.
 */

import { CAUSES } from "../../answer/causes/ladder.js";
import type { ResultDocument } from "../../answer/result/document.js";
import type { OpticResult } from "../../answer/result/document-network.js";
import { sha256Hex } from "../../util/sha256.js";
import { mean } from "../../util/stats/mean.js";
import { percentile } from "../../util/stats/percentile.js";
import type { AxisValues, Build } from "./point.js";

const ROW_SCHEMA = "heddle.point/1";

/** Units are in the names; null where there is nothing to measure. */
export type Metrics = Readonly<Record<string, number | null>>;

/** What a sweep keeps of a point: a row of its table. */
export interface PointRow extends Build {
  readonly schema: typeof ROW_SCHEMA;
  readonly id: string;
  /** Of the sweep that ran the point. */
  readonly axes: AxisValues;
  readonly seed: number;
  readonly scenarioName: string;
  readonly scenarioDigest: string;
  readonly status: ResultDocument["status"];
  /** Why the job could not finish; null where it did. */
  readonly diagnosis: string | null;
  readonly metrics: Metrics;
  /** Hash over all that happened. */
  readonly engineDigest: string;
}

/** What a row takes from a result. */
export type ResultFacts = Pick<
  PointRow,
  "scenarioName" | "scenarioDigest" | "status" | "diagnosis" | "metrics" | "engineDigest"
>;

export function factsOf(result: ResultDocument): ResultFacts {
  return {
    scenarioName: result.scenario.name,
    scenarioDigest: result.scenario.digest,
    status: result.status,
    diagnosis: result.diagnosis?.text ?? null,
    metrics: metricsOf(result),
    engineDigest: result.engine.digest,
  };
}

/** The order of a row's fields is that of its line. */
export function rowOf(
  point: { readonly id: string; readonly axes: AxisValues; readonly seed: number },
  build: Build,
  { scenarioName, scenarioDigest, status, diagnosis, metrics, engineDigest }: ResultFacts,
): PointRow {
  return {
    schema: ROW_SCHEMA,
    id: point.id,
    axes: point.axes,
    seed: point.seed,
    scenarioName,
    scenarioDigest,
    heddleVersion: build.heddleVersion,
    coreDigest: build.coreDigest,
    status,
    diagnosis,
    metrics,
    engineDigest,
  };
}

/** One line of NDJSON, its metrics beside the rest, and a checksum of the line at its end. */
export function formatRow({ metrics, engineDigest, ...head }: PointRow): string {
  const text = JSON.stringify({ ...head, ...metrics, engineDigest });
  return `${text.slice(0, -1)},"checksum":"${checksumOf(text)}"}\n`;
}

/** Undefined where the text is no row, or not as it was written. */
export function parseRow(text: string): PointRow | undefined {
  if (!isIntact(text)) return undefined;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (value?.schema !== ROW_SCHEMA || typeof value.id !== "string") return undefined;
  const { schema, id, axes, seed, scenarioName, scenarioDigest, heddleVersion, coreDigest, ...rest } = value;
  const { status, diagnosis, engineDigest, checksum: _, ...metrics } = rest;
  const head = { schema, id, axes, seed, scenarioName, scenarioDigest, heddleVersion, coreDigest, status, diagnosis };
  return { ...head, metrics, engineDigest } as PointRow;
}

const CHECKSUM = /,"checksum":"([0-9a-f]{16})"\}\n?$/;
/**
 * How rows ended before they had checksums. Nothing else counts as that: the word itself may be
 * what is damaged.
 */
const WITHOUT_CHECKSUM = /,"engineDigest":"[0-9a-z]*"\}\n?$/;

/**
 * Whether a line is as it was written. Lines of versions that wrote no checksums are taken as they
 * are.
 */
export function isIntact(line: string): boolean {
  const found = CHECKSUM.exec(line);
  if (found === null) return WITHOUT_CHECKSUM.test(line);
  return checksumOf(`${line.slice(0, found.index)}}`) === found[1];
}

function checksumOf(text: string): string {
  return sha256Hex(new TextEncoder().encode(text)).slice(0, 16);
}

/** The numbers of a result, in a fixed order. */
export function metricsOf(result: ResultDocument): Metrics {
  const { ranks, steps, packets, pfc, ecn, links, engine, topology, cost } = result;
  return {
    jctNs: result.jctNs,
    idealJctNs: result.idealJctNs,
    efficiency: result.efficiency,
    algbwGBps: result.algbwGBps,
    busbwGBps: result.busbwGBps,
    rankFinishMinNs: ranks.finishNs?.min ?? null,
    rankFinishP50Ns: ranks.finishNs?.p50 ?? null,
    rankFinishP99Ns: ranks.finishNs?.p99 ?? null,
    rankFinishMaxNs: ranks.finishNs?.max ?? null,
    ...flowTimes(result),
    stepP50Ns: steps?.p50Ns ?? null,
    stepP99Ns: steps?.p99Ns ?? null,
    stepMaxNs: steps?.maxNs ?? null,
    packetsSent: packets.sent,
    packetsDelivered: packets.delivered,
    packetsRetransmitted: packets.retransmitted,
    packetsTrimmed: packets.trimmed,
    packetsReplayed: packets.replayed,
    packetsDroppedCongestion: packets.dropped.congestion,
    packetsDroppedCrc: packets.dropped.crc,
    packetsDroppedLinkDown: packets.dropped.linkDown,
    packetsDroppedOrdering: packets.dropped.ordering,
    timeouts: packets.timeouts,
    packetHops: packets.hops,
    pfcPauses: pfc.pauses,
    pfcPausedNs: pfc.pausedNs,
    pfcLongestPauseNs: pfc.longestPauseNs,
    ecnMarked: ecn.marked,
    cnps: ecn.cnps,
    linkUtilisationMean: links.utilisation.mean,
    linkUtilisationP99: links.utilisation.p99,
    linkUtilisationMax: links.utilisation.max,
    maxQueueMeanBytes: links.maxQueueBytes.mean,
    maxQueueP99Bytes: links.maxQueueBytes.p99,
    maxQueueMaxBytes: links.maxQueueBytes.max,
    ...shares(result),
    gpus: topology.gpus,
    switches: topology.switches,
    costLowUsd: cost.total.lowUsd,
    costHighUsd: cost.total.highUsd,
    costWatts: cost.watts,
    simulatedNs: engine.simulatedNs,
    ...trainingTimes(result),
    ...opticTimes(result),
  };
}

/** Of training steps alone. */
function trainingTimes({ training }: ResultDocument): Metrics {
  if (training === undefined) return {};
  const { stepNs, computeNs, bubbleNs, exposedNs, gpuUtilisation, mfu, tokensPerSecond } = training;
  const exposed = Object.entries(exposedNs).map(([kind, ns]) => [`${kind}ExposedNs`, ns] as const);
  return { stepNs, computeNs, bubbleNs, ...Object.fromEntries(exposed), gpuUtilisation, mfu, tokensPerSecond };
}

/** Of drifting optics alone: the one that lost a frame first or, where none did, alarmed first. */
function opticTimes({ optics }: ResultDocument): Metrics {
  if (optics === undefined) return {};
  const timeOf = ({ firstLossNs, alarmNs }: OpticResult) =>
    [firstLossNs, alarmNs].map((ns) => ns ?? Number.POSITIVE_INFINITY);
  const [first] = [...optics].sort((a, b) => {
    const [one, other] = [timeOf(a), timeOf(b)];
    return one[0] === other[0] ? one[1]! - other[1]! : one[0]! - other[0]!;
  });
  const { warningNs, alarmNs, firstLossNs, leadNs } = first!;
  return { opticWarningNs: warningNs, opticAlarmNs: alarmNs, opticFirstLossNs: firstLossNs, opticLeadNs: leadNs };
}

function flowTimes({ flows }: ResultDocument): Metrics {
  const fcts = flows?.flatMap(({ fctNs }) => (fctNs === null ? [] : [fctNs])).sort((a, b) => a - b) ?? [];
  const has = fcts.length > 0;
  return {
    fctMeanNs: has ? mean(fcts) : null,
    fctP50Ns: has ? percentile(fcts, 50) : null,
    fctP99Ns: has ? percentile(fcts, 99) : null,
    fctMaxNs: has ? fcts.at(-1)! : null,
  };
}

/** `queueingShare`, `rateControlShare`: of the completion time. */
function shares({ explanation }: ResultDocument): Metrics {
  const share = (cause: string) => explanation.find((part) => part.cause === cause)?.shareOfJct;
  return Object.fromEntries(
    CAUSES.map((cause) => [`${inCamelCase(cause)}Share`, explanation.length === 0 ? null : (share(cause) ?? 0)]),
  );
}

function inCamelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
