/**
 * Operations that switches reduce: trees, windows, latencies, and what they cannot do without.
 */
import type { ConnectedOperations } from "../build/collective/members.js";
import { reductionNodes } from "../build/reduction/nodes.js";
import { lossyClassesAt } from "../plan/class-rules.js";
import type { Fabric, LinkClass } from "../plan/fabric.js";
import { classOfFlow } from "../plan/flows.js";
import type { FlowControl, RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import { NONE, type ReductionNodes, type ReductionPlan } from "../plan/reduction.js";
import type { ReductionParams } from "../scenario/types/reduction.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { reducingAlgorithms } from "../scenario/types/workload-kinds.js";
import type { Path } from "../util/document-path.js";
import { fullWindow, type ReducingNetwork } from "./reduction-window.js";

/**
 * @throws PlanError where a tree has links that may lose packets, a switch that may drop them, or a
 * switch without room for all its operations
 */
export function resolveReduction(
  { reduction, workload }: Scenario,
  network: ReducingNetwork & Pick<RunPlan, "wire" | "dataClasses">,
  flowControl: FlowControl,
  operations: ConnectedOperations,
): ReductionPlan {
  const { fabric } = network;
  const [algorithm = ""] = reducingAlgorithms(workload);
  const { list, operationOf, contributes, receives } = operations;
  const members = list.map(({ first, members: count, choice }) => {
    const flows = Uint32Array.from({ length: count }, (_, i) => first + i);
    return { flows, nics: flows.map((flow) => network.flows.srcNic[flow]!), choice };
  });
  const nodes = reductionNodes(fabric, members);
  if (typeof nodes === "number") {
    throw new PlanError("no switch is connected to all ranks; link the parts of the fabric", [["topology", "links"]]);
  }
  const used = new TreeLinks(fabric, nodes);
  checkLossless(fabric, nodes, flowControl, algorithm);
  checkClasses(network, nodes, flowControl, { operationOf, algorithm });
  checkLinks(used, algorithm);
  const { latencyPs, scaleUpLatencyPs } = reduction!;
  const isScaleUp = (sw: number) => fabric.switches[sw]!.level === "nvswitch";
  return {
    latencyPs: Float64Array.from(fabric.switches, (_, sw) => (isScaleUp(sw) ? scaleUpLatencyPs : latencyPs)),
    operationOf,
    contributes,
    receives,
    windowPackets: windows(reduction!, network, nodes, list.length),
    nodes,
  };
}

/** By operation: what its switches have room for, or what the full rate needs. */
function windows(
  { packets, latencyPs, scaleUpPackets, scaleUpLatencyPs }: ReductionParams,
  network: ReducingNetwork,
  nodes: ReductionNodes,
  count: number,
): Uint32Array {
  const { switches } = network.fabric;
  const operationsAt = new Uint32Array(switches.length);
  for (const sw of nodes.switchNumber) operationsAt[sw]! += 1;
  const result = new Uint32Array(count).fill(0xffffffff);
  const isAuto = new Uint8Array(count).fill(1);
  for (let node = 0; node < nodes.count; node++) {
    const sw = nodes.switchNumber[node]!;
    const operation = nodes.operation[node]!;
    const isScaleUp = switches[sw]!.level === "nvswitch";
    const room = isScaleUp ? scaleUpPackets : packets;
    if (room === null) continue;
    const window = Math.floor(room / (2 * operationsAt[sw]!));
    if (window === 0) {
      const field = isScaleUp ? "scaleUpPackets" : "packets";
      throw new PlanError(
        `${switches[sw]!.name} takes part in ${operationsAt[sw]} operations, each of which needs room for two packets; write at least ${field}: ${2 * operationsAt[sw]!}`,
        [["reduction", field]],
      );
    }
    isAuto[operation] = 0;
    result[operation] = Math.min(result[operation]!, window);
  }
  const unitPs = (sw: number) => (switches[sw]!.level === "nvswitch" ? scaleUpLatencyPs : latencyPs);
  const full = fullWindow(network, nodes, unitPs);
  return result.map((window, operation) => (isAuto[operation] === 1 ? full[operation]! : window));
}

/** Both directions of all links of all trees. */
class TreeLinks {
  readonly classes: readonly LinkClass[];

  constructor(
    fabric: Fabric,
    { count, switchNumber, parent, parentPort, childFirst, childPort, childNode }: ReductionNodes,
  ) {
    const found = new Set<number>();
    const add = (sw: number, local: number) => {
      const port = fabric.firstPort[fabric.switches[sw]!.device]! + local;
      found.add(fabric.portClass[port]!);
      found.add(fabric.portClass[fabric.peerPort[port]!]!);
    };
    for (let node = 0; node < count; node++) {
      const sw = switchNumber[node]!;
      if (parent[node] !== NONE) add(sw, parentPort[node]!);
      for (let i = childFirst[node]!; i < childFirst[node + 1]!; i++) if (childNode[i] === NONE) add(sw, childPort[i]!);
    }
    this.classes = [...found].map((linkClass) => fabric.linkClasses[linkClass]!);
  }
}

function checkLossless(
  { switches, firstPort }: Fabric,
  { switchNumber }: ReductionNodes,
  { lossless, credit }: FlowControl,
  algorithm: string,
): void {
  for (const sw of new Set(switchNumber)) {
    const first = firstPort[switches[sw]!.device]!;
    if (lossless[sw] === 1 || (credit?.bufferBlocks[first] ?? 0) > 0) continue;
    throw new PlanError(
      `${algorithm} repeats nothing that a switch drops; write flowControl: { kind: pfc } or { kind: credit }`,
      [["flowControl", "kind"], ["flowControl"], ["preset"], ["workload", "algorithm"]],
    );
  }
}

/** Whoever takes part must not be of a class that a switch of a tree may drop. */
function checkClasses(
  { flows, dataClasses }: ReducingNetwork & Pick<RunPlan, "dataClasses">,
  { switchNumber }: ReductionNodes,
  flowControl: FlowControl,
  { operationOf, algorithm }: { readonly operationOf: Int32Array; readonly algorithm: string },
): void {
  const plan = { flowControl, dataClasses };
  const dropped = [...new Set(switchNumber)].reduce((mask, sw) => mask | lossyClassesAt(plan, sw), 0);
  if (dropped === 0) return;
  const isDropped = (operation: number, flow: number) =>
    operation !== NONE && ((dropped >> classOfFlow(flows, flow)) & 1) === 1;
  if (operationOf.findIndex(isDropped) < 0) return;
  throw new PlanError(`${algorithm} repeats nothing that a switch drops; give it a class that is lossless`, [
    ["classes"],
    ["workload", "class"],
  ]);
}

function checkLinks({ classes }: TreeLinks, algorithm: string): void {
  const lossy = classes.find(({ loss, retries }) => loss !== null && !retries);
  if (lossy !== undefined) {
    throw new PlanError(
      `${algorithm} repeats nothing that a link loses, and its tree has links of level ${lossy.level} that may lose frames; write llr: true there, or no ber and frameLossRatio`,
      [...levelPaths(lossy), ["faults"], ["topology", "links"], ["workload", "algorithm"]],
    );
  }
  if (classes.some(({ downAtPs }) => downAtPs < Number.POSITIVE_INFINITY)) {
    throw new PlanError(
      `${algorithm} has one tree, which does not change when a link of it goes down; leave the fault out, or write algorithm: ring`,
      [["faults"], ["workload", "algorithm"]],
    );
  }
}

function levelPaths({ level }: LinkClass): Path[] {
  return [
    ["links", level, "ber"],
    ["links", level, "frameLossRatio"],
  ];
}
