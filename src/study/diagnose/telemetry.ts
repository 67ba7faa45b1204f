/**
 * What the telemetry of a cluster shows of a run: counters of every port, link speeds, neighbours,
 * and times of ranks. Nothing else is known to the diagnosis; least of all the scenario's faults.
 */
import { viewPlan } from "../../answer/ideal/view.js";
import { endName, linkName } from "../../answer/text/names.js";
import { internalsOf, Simulation } from "../../api/simulation.js";
import { portClasses } from "../../plan/changes.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import type { Progress } from "../../util/progress.js";

/** A direction of a link, as the port that sends into it counts. */
export interface PortTelemetry {
  /** `leaf-0 -> spine-1`. */
  readonly link: string;
  /** Devices at its ends, and the switch or rank that each is. */
  readonly from: string;
  readonly to: string;
  readonly fromSwitch: boolean;
  readonly toSwitch: boolean;
  /** The lowest speed that it had. */
  readonly rateBps: number;
  readonly txBytes: number;
  /** Frames that its far end found broken. */
  readonly crcErrors: number;
  /** Packets that it sent into a link that was down. */
  readonly lostDown: number;
  /** Packets that came in here and found no room. */
  readonly discards: number;
  /** Pause frames that it sent, so that the far end stops. */
  readonly pausesSent: number;
  readonly pausedNs: number;
  readonly marked: number;
  readonly longestQueueNs: number;
}

export interface RankTelemetry {
  readonly name: string;
  /** Time that its GPU computed; of programs. */
  readonly computeNs: number;
}

export interface Telemetry {
  readonly jctNs: number;
  readonly finished: boolean;
  /** By global port: the same port in two runs of one fabric. */
  readonly ports: readonly PortTelemetry[];
  readonly ranks: readonly RankTelemetry[];
}

/** Simulates a scenario and reads its telemetry. Undefined where the signal aborts it. */
export async function telemetryOf(
  scenario: Scenario,
  signal?: AbortSignal,
  onProgress?: (progress: Progress) => void,
): Promise<Telemetry | undefined> {
  const simulation = await Simulation.start(scenario, signal && { signal });
  try {
    await simulation.run({ ...(signal && { signal }), ...(onProgress && { onProgress }) });
    if (signal?.aborted === true) return undefined;
    const { plan, outcome } = internalsOf(simulation);
    const { jctNs } = simulation.result();
    return readTelemetry(plan, outcome, jctNs ?? outcome.endPs / 1000);
  } finally {
    await simulation.close();
  }
}

function readTelemetry(plan: RunPlan, outcome: Outcome, jctNs: number): Telemetry {
  const view = viewPlan(plan);
  const { fabric } = plan;
  const classes = portClasses({
    fabric,
    changes: (plan.changes ?? []).filter(({ atPs }) => atPs <= outcome.endPs),
  });
  const counters = outcome.ports;
  const ports = Array.from(
    fabric.peerPort,
    (peer, port): PortTelemetry => ({
      link: linkName(view, port),
      from: endName(view, port),
      to: endName(view, peer),
      fromSwitch: view.nicOfPort[port]! < 0,
      toSwitch: view.nicOfPort[peer]! < 0,
      rateBps: Math.min(...classes(port).map((one) => fabric.linkClasses[one]!.rateBps)),
      txBytes: counters.txBytes[port]!,
      crcErrors: counters.droppedCrc[port]!,
      lostDown: counters.droppedLinkDown[port]!,
      discards: counters.droppedCongestion[port]!,
      pausesSent: counters.pausesSent[port]!,
      pausedNs: counters.pausedPs[port]! / 1000,
      marked: counters.ecnMarked[port]!,
      longestQueueNs: counters.maxBacklogPs[port]! / 1000,
    }),
  );
  const ranks = Array.from(
    outcome.programs?.ranks.computePs ?? [],
    (ps, rank): RankTelemetry => ({
      name: fabric.rankName(plan.programs!.ranks.rank[rank]!),
      computeNs: ps / 1000,
    }),
  );
  return { jctNs, finished: outcome.status === "finished", ports, ranks };
}
