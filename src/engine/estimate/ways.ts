/**
 * The way of each flow over the pipes: the one that the switches will hash it to, or any of those
 * that its packets are spread over.
 */
import { pinnedPlace, UNREACHABLE } from "../../plan/fabric.js";
import { dataAddress } from "../../plan/flows.js";
import type { RunPlan } from "../../plan/plan.js";
import { ROUTING } from "../../plan/policies/routing.js";
import type { Network } from "./pipes.js";

/** No fabric has longer ways; tables with a loop end here. */
const MAX_HOPS = 32;
/** MODEL §8: the purpose of path hashes. */
const PURPOSE_HASH = 1;

/** Pipes of flow `i` of those asked for are `pipe[first[i]] … pipe[first[i+1] - 1]`. */
export interface Ways {
  readonly first: Uint32Array;
  readonly pipe: Uint32Array;
}

export function waysOf(network: Network, flows: Uint32Array): Ways {
  const first = new Uint32Array(flows.length + 1);
  const pipes: number[] = [];
  const choose = chooser(network.plan);
  flows.forEach((flow, i) => {
    walk(network, flow, choose, pipes);
    first[i + 1] = pipes.length;
  });
  return { first, pipe: Uint32Array.from(pipes) };
}

type Choose = (switchNumber: number, flow: number, address: number, count: number) => number;

function walk(network: Network, flow: number, choose: Choose, pipes: number[]): void {
  const { fabric, flows } = network.plan;
  const { nics, peerPort, firstPort, switches } = fabric;
  const address = dataAddress(fabric, flows, flow);
  let port = nics.port[flows.srcNic[flow]!]!;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    pipes.push(network.pipeAt(port));
    const device = network.deviceOf[peerPort[port]!]!;
    const number = network.switchOf[device]!;
    if (number < 0) return;
    const { routing } = switches[number]!;
    const base = firstPort[device]!;
    if (routing.kind === "table") {
      const group = routing.groups[routing.groupOf[address] ?? UNREACHABLE];
      if (group === undefined) return;
      const index = group.length === 1 ? 0 : choose(number, flow, address, group.length);
      port = base + group[index]!;
    } else {
      const { low, high, stride, downBase, downWidth, upBase, upCount } = routing;
      const isBelow = address >= low && address < high;
      const count = isBelow ? downWidth : upCount;
      const from = isBelow ? downBase + Math.floor((address - low) / stride) * downWidth : upBase;
      if (count === 0) return;
      port = base + from + (count === 1 ? 0 : choose(number, flow, address, count));
    }
  }
}

/** Index of the candidate that a flow's data packets take at a switch: MODEL §9. */
function chooser(plan: RunPlan): Choose {
  const { policy } = plan.routing;
  const { connection } = plan.flows;
  if (policy === "pinned") {
    return (number, _flow, address, count) => pinnedPlace(plan.fabric.switches[number]!.routing, address, count);
  }
  const seed = mix((plan.seed + PURPOSE_HASH * 0x9e3779b9) >>> 0);
  const keys = plan.fabric.switches.map((_, number) => mix((seed ^ number) >>> 0));
  // All candidates of a bundle are alike; a draw by flow keeps traffic over single ports even.
  const isByQp = ROUTING[policy].pathPer !== "connection";
  return (number, flow, _address, count) => {
    const hashed = 2 * (isByQp ? flow : connection[flow]!);
    return Math.floor((mix((keys[number]! + Math.imul(hashed, 0x9e3779b1)) >>> 0) * count) / 2 ** 32);
  };
}

/** MODEL §8. */
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
