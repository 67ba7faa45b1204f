/** What the core keeps of operations that switches reduce. */
import { MAX_ADDRESSES } from "../../plan/limits.js";
import type { RunPlan } from "../../plan/plan.js";
import { contentsOf, leadingFlows, NONE, type ReductionPlan } from "../../plan/reduction.js";
import { CapacityError } from "./errors.js";
import {
  ExactStep,
  PARTIALSUM_BYTES,
  REDUCTIONCHILD_BYTES,
  REDUCTIONMEMBER_BYTES,
  REDUCTIONNODE_BYTES,
  REDUCTIONUNIT_BYTES,
  ReductionChild,
  ReductionMember,
  ReductionNode,
  ReductionUnit,
  SENDER_BYTES,
  Sender,
  SWITCH_BYTES,
  Switch,
} from "./layout.js";
import type { CoreMemory } from "./memory.js";

const ROOT = 0xffffffff;

/** The header's fields. */
export function reductionHeader({ reduction }: RunPlan) {
  if (reduction === undefined) return { reductionNodeCount: 0, reductionChildCount: 0, partialSumCount: 0 };
  const { nodes } = reduction;
  let partialSumCount = 0;
  for (let node = 0; node < nodes.count; node++) partialSumCount += sumsOf(reduction, node);
  return { reductionNodeCount: nodes.count, reductionChildCount: nodes.childPort.length, partialSumCount };
}

/** Bytes of all records of operations. */
export function reductionBytes(plan: RunPlan): number {
  if (plan.reduction === undefined) return 0;
  const { reductionNodeCount, reductionChildCount, partialSumCount } = reductionHeader(plan);
  return (
    plan.flows.count * REDUCTIONMEMBER_BYTES +
    plan.fabric.switches.length * REDUCTIONUNIT_BYTES +
    reductionNodeCount * REDUCTIONNODE_BYTES +
    reductionChildCount * REDUCTIONCHILD_BYTES +
    partialSumCount * PARTIALSUM_BYTES
  );
}

/** Partial sums of a node: a power of two, so that packet numbers may wrap around. */
function sumsOf({ nodes, windowPackets }: ReductionPlan, node: number): number {
  return 2 ** Math.ceil(Math.log2(windowPackets[nodes.operation[node]!]!));
}

export interface ReductionRegions {
  readonly switches: number;
  readonly senders: number;
  readonly reductionMembers: number;
  readonly reductionUnits: number;
  readonly reductionNodes: number;
  readonly reductionChildren: number;
  readonly partialSums: number;
}

/** Writes operations, and where the packets of members go. */
export function writeReduction(memory: CoreMemory, plan: RunPlan, regions: ReductionRegions): void {
  const { reduction } = plan;
  if (reduction === undefined) return;
  const places = placesOf(reduction, plan.fabric.switches.length);
  writeUnits(memory, reduction, places, regions);
  writeNodes(memory, reduction, places, regions);
  writeMembers(memory, reduction, places, regions);
}

/** Nodes switch by switch. */
interface Places {
  /** By switch: its first place; one more at the end. */
  readonly first: Uint32Array;
  /** By node: its place among all, and among those of its switch, by which packets name it. */
  readonly overall: Uint32Array;
  readonly address: Uint32Array;
}

function placesOf({ nodes }: ReductionPlan, switches: number): Places {
  const first = new Uint32Array(switches + 1);
  for (let node = 0; node < nodes.count; node++) first[nodes.switchNumber[node]! + 1]! += 1;
  for (let sw = 0; sw < switches; sw++) {
    if (first[sw + 1]! > MAX_ADDRESSES) {
      throw new CapacityError(`a switch takes part in ${first[sw + 1]} operations; the core allows ${MAX_ADDRESSES}`);
    }
    first[sw + 1]! += first[sw]!;
  }
  const next = first.slice();
  const overall = new Uint32Array(nodes.count);
  for (let node = 0; node < nodes.count; node++) overall[node] = next[nodes.switchNumber[node]!]!++;
  const address = overall.map((place, node) => place - first[nodes.switchNumber[node]!]!);
  return { first, overall, address };
}

function writeUnits(
  memory: CoreMemory,
  { latencyPs }: ReductionPlan,
  { first }: Places,
  { switches, reductionUnits, reductionNodes }: ReductionRegions,
): void {
  latencyPs.forEach((ps, sw) => {
    const unit = reductionUnits + sw * REDUCTIONUNIT_BYTES;
    memory.set(unit, ReductionUnit.latencyPs, ps);
    memory.set(unit, ReductionUnit.nodes, reductionNodes + first[sw]! * REDUCTIONNODE_BYTES);
    // Sums are released at instants of their own, which the fast step knows nothing of.
    if (first[sw + 1]! > first[sw]!) memory.set(switches + sw * SWITCH_BYTES, Switch.exactStep, ExactStep.Always);
  });
}

function writeNodes(
  memory: CoreMemory,
  reduction: ReductionPlan,
  { overall, address }: Places,
  regions: ReductionRegions,
): void {
  const { nodes, receives } = reduction;
  const contents = contentsOf(reduction);
  const leads = leadingFlows(reduction);
  let sums = regions.partialSums;
  for (let node = 0; node < nodes.count; node++) {
    const at = regions.reductionNodes + overall[node]! * REDUCTIONNODE_BYTES;
    const lead = leads[nodes.operation[node]!]!;
    const parent = nodes.parent[node]!;
    const first = nodes.childFirst[node]!;
    const end = nodes.childFirst[node + 1]!;
    memory.set(at, ReductionNode.parentPort, parent === NONE ? ROOT : nodes.parentPort[node]!);
    memory.set(at, ReductionNode.parentAddress, parent === NONE ? 0 : address[parent]!);
    memory.set(at, ReductionNode.flow, lead);
    memory.set(at, ReductionNode.contributes, contents.contributes[node]!);
    memory.set(at, ReductionNode.children, regions.reductionChildren + first * REDUCTIONCHILD_BYTES);
    memory.set(at, ReductionNode.childCount, end - first);
    memory.set(at, ReductionNode.sums, sums);
    memory.set(at, ReductionNode.sumMask, sumsOf(reduction, node) - 1);
    sums += sumsOf(reduction, node) * PARTIALSUM_BYTES;
    for (let i = first; i < end; i++) {
      const child = regions.reductionChildren + i * REDUCTIONCHILD_BYTES;
      const below = nodes.childNode[i]!;
      const member = nodes.childFlow[i]!;
      memory.set(child, ReductionChild.port, nodes.childPort[i]!);
      memory.set(child, ReductionChild.flow, below === NONE ? member : lead);
      memory.set(child, ReductionChild.address, below === NONE ? 0 : address[below]!);
      memory.set(child, ReductionChild.receives, below === NONE ? receives[member]! : contents.receives[below]!);
    }
  }
}

function writeMembers(
  memory: CoreMemory,
  { operationOf, contributes, windowPackets, nodes }: ReductionPlan,
  { address }: Places,
  regions: ReductionRegions,
): void {
  operationOf.forEach((operation, flow) => {
    if (operation === NONE) return;
    const member = regions.reductionMembers + flow * REDUCTIONMEMBER_BYTES;
    memory.set(member, ReductionMember.windowPackets, windowPackets[operation]!);
    memory.set(member, ReductionMember.contributes, contributes[flow]!);
  });
  for (let node = 0; node < nodes.count; node++) {
    for (let i = nodes.childFirst[node]!; i < nodes.childFirst[node + 1]!; i++) {
      if (nodes.childNode[i] !== NONE) continue;
      memory.set(regions.senders + nodes.childFlow[i]! * SENDER_BYTES, Sender.destination, address[node]!);
    }
  }
}
