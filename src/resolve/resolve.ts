import type { LogicalFlows } from "../build/collective/logical-flows.js";
import { buildWorkload } from "../build/jobs/build.js";
import { converge } from "../build/topology/convergence.js";
import { countTopology, type TopologyCounts } from "../build/topology/counts.js";
import { timelineOf } from "../build/topology/faults.js";
import { buildFabric } from "../build/topology/index.js";
import { withSwappedCables } from "../build/topology/swapped-cables.js";
import { foldTimeline } from "../build/topology/timeline.js";
import { checkFlowPackets } from "../plan/capacity.js";
import { type Fabric, UNREACHABLE } from "../plan/fabric.js";
import { type FlowGraph, packetsPerChunk } from "../plan/flows.js";
import type { RunPlan } from "../plan/plan.js";
import { PlanError, PlanFaults } from "../plan/plan-error.js";
import { CONGESTION_CONTROL } from "../plan/policies/congestion-control.js";
import { NONE } from "../plan/reduction.js";
import type { Scenario } from "../scenario/types/scenario.js";
import type { Phase } from "../util/progress.js";
import { checkBuffers, resolveFlowControl } from "./buffers.js";
import { classesWithFaults, resolveDataClasses, resolveMarking } from "./data-classes.js";
import { failoverMoves } from "./failover.js";
import { changesOf, checkWrongHeadroom, withSwitchFaults } from "./faults.js";
import { withLanes } from "./lanes.js";
import { located } from "./places.js";
import { quietTimePs } from "./quiet-time.js";
import { resolveReduction } from "./reduction.js";
import {
  checkHazards,
  resolveHazards,
  resolveMessageOverheads,
  resolveNicLatencies,
  resolveRouting,
  resolveTransport,
  resolveWire,
} from "./rules.js";
import { checkTelemetry } from "./telemetry.js";

/** A plan, and what its numbers stand for. */
export interface ResolvedRun {
  readonly plan: RunPlan;
  readonly scenario: Scenario;
  readonly counts: TopologyCounts;
  /** Which flows of the workload the plan's flows are parts of. */
  readonly logical: LogicalFlows;
}

/**
 * Resolves a scenario to everything a run is made of.
 * @param onPhase Told what is done next.
 * @throws PlanError with all that is wrong and where, or CapacityError, where the scenario cannot
 * be built: too many GPUs for the radix, too little buffer, a fault on a link that does not exist.
 */
export function resolvePlan(scenario: Scenario, onPhase?: (phase: Phase) => void): ResolvedRun {
  return located(scenario, () => resolve(scenario, onPhase));
}

/** Steps that do not need each other report what is wrong together. */
function resolve(scenario: Scenario, onPhase?: (phase: Phase) => void): ResolvedRun {
  onPhase?.("building");
  const healthy = buildFabric({ ...scenario, faults: [] });
  const wired = withSwappedCables(healthy, scenario.faults);
  const timeline = timelineOf(wired, scenario.faults);
  const folded = foldTimeline(wired, timeline);
  const { fabric, stalls } = folded;
  onPhase?.("resolving");
  const connected = buildWorkload(scenario, fabric);
  const { logical, operations, programs } = connected;
  const flows = withLanes(scenario, fabric, connected.flows);
  const wire = resolveWire(scenario);
  const nicLatencyPs = resolveNicLatencies(scenario, fabric);
  const network = { fabric, wire, nicLatencyPs };
  const transport = resolveTransport(scenario, { network: { ...network, fabric: healthy }, fabric, flows });
  const wrong = new PlanFaults();
  wrong.attempt(() => checkPaths(fabric, flows, operations?.operationOf));
  checkPackets(fabric, flows, logical);
  const { readsTelemetry } = CONGESTION_CONTROL[transport.congestionControl?.kind ?? "none"];
  if (readsTelemetry) wrong.attempt(() => checkTelemetry(fabric, flows));
  const planned = resolveDataClasses(scenario, network, transport.congestionControl);
  const dataClasses = classesWithFaults(planned, fabric, folded.switches);
  const flowControl = wrong.attempt(() => {
    const asPlanned = resolveFlowControl(scenario, network);
    checkBuffers(scenario, fabric, { flowControl: asPlanned, dataClasses: planned });
    const faulty = withSwitchFaults(asPlanned, fabric, folded.switches);
    checkWrongHeadroom({ flowControl: faulty, dataClasses }, fabric, folded.switches);
    return faulty;
  });
  const reduction =
    operations &&
    flowControl &&
    wrong.attempt(() => resolveReduction(scenario, { ...network, flows, dataClasses }, flowControl, operations));
  wrong.attempt(() => checkHazards(scenario, fabric, wire));
  wrong.throwIfAny();
  const rest = {
    fabric,
    flows,
    wire,
    nicLatencyPs,
    flowControl: flowControl!,
    dataClasses,
    stalls,
    ...(programs && { programs }),
  };
  const { convergence } = scenario.routing;
  const converged = convergence && converge(fabric, folded.outages, convergence);
  const messageOverheadPs = resolveMessageOverheads(scenario, fabric);
  const moving = { ...rest, ...(messageOverheadPs && { messageOverheadPs }), ...(reduction && { reduction }) };
  const moves = failoverMoves(moving, folded.outages, scenario.nic.failover);
  const plan: RunPlan = {
    ...moving,
    seed: scenario.seed,
    transport: { ...transport, quietPs: quietTimePs(transport, rest) },
    routing: resolveRouting(scenario, healthy, flows),
    ecn: resolveMarking(scenario, network, transport.congestionControl),
    hazards: resolveHazards(fabric, wire),
    timeline,
    ...changesOf(folded, programs, [...(converged?.changes ?? []), ...moves]),
    ...(converged && { fabric: { ...fabric, switches: converged.switches } }),
    timeLimitPs: scenario.timeLimitPs,
  };
  return { plan, scenario, counts: countTopology(scenario, fabric), logical };
}

/** @throws CapacityError where a flow has more packets than a queue pair numbers */
function checkPackets(fabric: Fabric, flows: FlowGraph, { ofFlow }: LogicalFlows): void {
  for (let flow = 0; flow < flows.count; flow++) {
    checkFlowPackets(flow, packetsPerChunk(fabric, flows, flow) * flows.chunks[flow]!, ofFlow[flow]);
  }
}

/** Regular fabrics join all ranks; listed ones need not. Members of operations go over trees. */
function checkPaths(fabric: Fabric, { count, srcNic, dstNic }: FlowGraph, operationOf?: Int32Array): void {
  const { nics, peerPort, switches, firstPort } = fabric;
  const tableAt = new Map<number, Uint16Array>();
  for (const { device, routing } of switches) {
    if (routing.kind !== "table") continue;
    for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) tableAt.set(port, routing.groupOf);
  }
  const nicPorts = new Set(tableAt.size > 0 || switches.length === 0 ? nics.port : []);
  for (let flow = 0; flow < count && nicPorts.size > 0; flow++) {
    if ((operationOf?.[flow] ?? NONE) !== NONE) continue;
    const [src, dst] = [srcNic[flow]!, dstNic[flow]!];
    const first = peerPort[nics.port[src]!]!;
    if (first === nics.port[dst]) continue;
    // A switch that has a next hop on a shortest path leads all the way; one that routes by ranges
    // leads everywhere.
    const groupOf = tableAt.get(first);
    if (groupOf === undefined ? !nicPorts.has(first) : groupOf[nics.address[dst]!] !== UNREACHABLE) continue;
    const [from, to] = [nics.rank[src]!, nics.rank[dst]!].map(fabric.rankName);
    throw new PlanError(`there is no path from ${from} to ${to}; link the parts of the fabric`, [
      ["topology", "links"],
    ]);
  }
}
