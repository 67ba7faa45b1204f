/** What NCCL's protocols add to a flow graph: time of each step, and bytes that are no data. */

import type { Protocol } from "../../plan/protocols.js";
import { isTuned, tunedName } from "../../scenario/tuning/choose.js";
import { BASE_US } from "../../scenario/tuning/constants.js";
import { hardwareOf } from "../../scenario/tuning/hardware.js";
import { interUs, intraUs, latencyFactor, nvlsShare, protocolShare, type Way } from "../../scenario/tuning/model.js";
import { tunedSystem } from "../../scenario/tuning/system.js";
import type { CollectiveWorkload, Scenario } from "../../scenario/types/scenario.js";
import type { Cluster } from "./cluster.js";
import type { Schedule } from "./schedule.js";
import type { WayTimes } from "./way.js";

const PS_PER_US = 1e6;

/** A schedule, and by flow the delay between a delivery and what it allows. */
export interface Delayed {
  readonly schedule: Schedule;
  /** In ps; undefined where there is none. */
  readonly delayPs: Float64Array | undefined;
}

/**
 * The schedule with the protocol of the workload. Each step, without its serialization, then takes
 * what NCCL's model has for a step inside a node or between nodes: the delay is that, less what the
 * way through NICs, links and switches takes. The first steps start after the base latency. Flags
 * travel with the data, so chunks grow by what the protocol's bandwidth is to that of Simple.
 */
export function withProtocol(schedule: Schedule, workload: CollectiveWorkload, place: Place): Delayed {
  const { protocol, reductionDelayPs } = workload;
  const { count, src, dst } = schedule;
  if (protocol === undefined) {
    return { schedule, delayPs: reductionDelayPs > 0 ? new Float64Array(count).fill(reductionDelayPs) : undefined };
  }
  const { insidePs, betweenPs, basePs, insideShare, betweenShare } = terms(workload, protocol, place);
  const { cluster, wayPs } = place;
  const nodeOf = (rank: number) => Math.floor(rank / cluster.gpusPerNode);
  const isInside = (flow: number) => nodeOf(src[flow]!) === nodeOf(dst[flow]!);
  const delayPs = Float64Array.from(src, (from, flow) => {
    const stepPs = isInside(flow) ? insidePs : betweenPs;
    return reductionDelayPs + Math.max(0, stepPs - wayPs(from, dst[flow]!));
  });
  const { upFirst, upLag } = schedule;
  const isFirst = (flow: number) => upLag.subarray(upFirst[flow], upFirst[flow + 1]).every((lag) => lag > 0);
  return {
    schedule: {
      ...schedule,
      chunkBytes: schedule.chunkBytes.map((bytes, flow) =>
        Math.ceil(bytes / (isInside(flow) ? insideShare : betweenShare)),
      ),
      startPs: schedule.startPs.map((ps, flow) => ps + basePs + (isFirst(flow) ? delayPs[flow]! : 0)),
    },
    delayPs,
  };
}

/** Where a collective is. */
export interface Place {
  readonly cluster: Cluster;
  readonly scenario: Scenario;
  /** Between ranks of the collective. */
  readonly wayPs: WayTimes;
}

/**
 * Latencies of a step inside a node, of one between nodes, and of the start, in ps; and the shares
 * of what the links carry, in both places.
 */
function terms(workload: CollectiveWorkload, protocol: Protocol, { cluster, scenario }: Place) {
  const { collective, sizeBytes } = workload;
  const algorithm = tunedName(workload.algorithm);
  const system = tunedSystem(hardwareOf(scenario, cluster.ranks, cluster.gpusPerNode));
  const way = { collective: isTuned(collective) ? collective : ("broadcast" as const), algorithm, protocol };
  const factor = latencyFactor(way, system, sizeBytes);
  const picoseconds = (us: number) => Math.round(us * factor * PS_PER_US);
  return {
    insidePs: picoseconds(intraUs(way, system) / insideSteps(way)),
    betweenPs: picoseconds(interUs(way, system)),
    basePs: picoseconds(BASE_US[algorithm][protocol]),
    insideShare: protocolShare(way, system) * nvlsShare(way, system),
    betweenShare: protocolShare(way, system),
  };
}

/**
 * Steps of a schedule that the model counts as one inside a node: with NVLS an all-reduce goes into
 * the NVSwitch for the sum, and out of it again.
 */
function insideSteps({ algorithm, collective }: Pick<Way, "algorithm" | "collective">): number {
  const isReducedInSwitch = algorithm === "nvls" || algorithm === "nvls-tree";
  return isReducedInSwitch && collective === "all-reduce" ? 2 : 1;
}
