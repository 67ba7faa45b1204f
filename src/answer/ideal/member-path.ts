/** The way of a member's packets over the tree of its operation, and back. */
import type { RunPlan } from "../../plan/plan.js";
import { contentsOf, NONE, type ReductionContents, type ReductionPlan } from "../../plan/reduction.js";
import { effectPs, flightPs, type PlanView } from "./view.js";

/** A link on the way: its class, and whether packets of the operation on it are full. */
export interface Leg {
  readonly linkClass: number;
  readonly full: boolean;
}

/** Up to the root and down again, as far as time is concerned. */
export interface MemberPath {
  readonly legs: readonly Leg[];
  /** All latency but serialization: NICs, links, switches, reduction units. */
  readonly fixedPs: number;
}

/** What is looked up for each member of a plan. */
interface Trees {
  readonly reduction: ReductionPlan;
  readonly contents: ReductionContents;
  /** By flow: the node that it is a child of. */
  readonly nodeOf: Int32Array;
}

const known = new WeakMap<RunPlan, Trees>();

function treesOf(plan: RunPlan, reduction: ReductionPlan): Trees {
  let trees = known.get(plan);
  if (trees === undefined) {
    const nodeOf = new Int32Array(plan.flows.count).fill(NONE);
    const { count, childFirst, childNode, childFlow } = reduction.nodes;
    for (let node = 0; node < count; node++) {
      for (let i = childFirst[node]!; i < childFirst[node + 1]!; i++) {
        if (childNode[i] === NONE) nodeOf[childFlow[i]!] = node;
      }
    }
    trees = { reduction, contents: contentsOf(reduction), nodeOf };
    known.set(plan, trees);
  }
  return trees;
}

/** Undefined where the flow is no member of an operation. */
export function memberPath(view: PlanView, flow: number): MemberPath | undefined {
  const { plan, fabric } = view;
  const { reduction } = plan;
  if (reduction === undefined || reduction.operationOf[flow] === NONE) return undefined;
  const { contents, nodeOf } = treesOf(plan, reduction);
  const { nodes, latencyPs } = reduction;
  const up: Leg[] = [];
  const down: Leg[] = [];
  let port = fabric.nics.port[plan.flows.srcNic[flow]!]!;
  let full = { up: reduction.contributes[flow] === 1, down: reduction.receives[flow] === 1 };
  let fixedPs = plan.nicLatencyPs[plan.flows.srcNic[flow]!]!;
  for (let node = nodeOf[flow]!; node !== NONE; node = nodes.parent[node]!) {
    const back = fabric.peerPort[port]!;
    up.push({ linkClass: fabric.portClass[port]!, full: full.up });
    down.push({ linkClass: fabric.portClass[back]!, full: full.down });
    fixedPs += flightPs(view, port) + effectPs(view, port) + flightPs(view, back) + effectPs(view, back);
    const sw = nodes.switchNumber[node]!;
    fixedPs += latencyPs[sw]!;
    full = { up: contents.contributes[node] === 1, down: contents.receives[node] === 1 };
    port = fabric.firstPort[fabric.switches[sw]!.device]! + nodes.parentPort[node]!;
  }
  return { legs: [...up, ...down.reverse()], fixedPs };
}
