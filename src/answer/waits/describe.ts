/** Names the roots, ports and flows of trees of waits. */
import { portClasses } from "../../plan/changes.js";
import { reachOf } from "../ideal/next-hops.js";
import { type PlanView, switchAt } from "../ideal/view.js";
import { endName, linkName } from "../text/names.js";
import type { WaitCause, WaitingFlow, WaitingPort, WaitTree, WaitTrees } from "./document.js";
import type { Branch, Root, Tree } from "./trees.js";

const TREES_MAX = 50;
const PORTS_MAX = 200;
const VICTIMS_MAX = 100;

/** @param logicalOf By flow of the plan: flow of the workload, where that is another. */
export function waitTreesOf(view: PlanView, found: readonly Tree[], logicalOf?: ArrayLike<number>): WaitTrees {
  const users = new RootUsers(view);
  const sums = found.map((tree) => ({ tree, ...sumOf(tree) }));
  sums.sort((a, b) => psOf(b) - psOf(a));
  const total = (some: readonly Sum[]) => ({
    pausedNs: some.reduce((ps, { pausedPs }) => ps + pausedPs, 0) / 1000,
    creditWaitNs: some.reduce((ps, { creditWaitPs }) => ps + creditWaitPs, 0) / 1000,
  });
  const rest = sums.slice(TREES_MAX);
  return {
    ...total(sums),
    trees: sums.slice(0, TREES_MAX).map((sum) => treeOf(view, sum, users, logicalOf)),
    ...(rest.length > 0 && { treesLeftOut: { count: rest.length, ...total(rest) } }),
  };
}

interface Sum {
  readonly pausedPs: number;
  readonly creditWaitPs: number;
}

function sumOf({ lanes }: Tree): Sum {
  let pausedPs = 0;
  let creditWaitPs = 0;
  for (const branch of lanes.values()) {
    pausedPs += branch.pausedPs;
    creditWaitPs += branch.creditWaitPs;
  }
  return { pausedPs, creditWaitPs };
}

function treeOf(
  view: PlanView,
  { tree, pausedPs, creditWaitPs }: Sum & { readonly tree: Tree },
  users: RootUsers,
  logicalOf?: ArrayLike<number>,
): WaitTree {
  const lanes = [...tree.lanes].sort(([a, x], [b, y]) => psOf(y) - psOf(x) || a - b);
  const victims = new Map<number, number>();
  let used = 0;
  for (const [flow, ps] of tree.flows) {
    if (users.mayUse(tree.root, flow)) {
      used += 1;
      continue;
    }
    const name = logicalOf?.[flow] ?? flow;
    victims.set(name, (victims.get(name) ?? 0) + ps);
  }
  const byTime = [...victims].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const ends = endsByName(view, tree, logicalOf);
  return {
    root: rootName(view, tree.root),
    cause: causeOf(view, tree.root),
    pausedNs: pausedPs / 1000,
    creditWaitNs: creditWaitPs / 1000,
    ports: lanes.slice(0, PORTS_MAX).map(([lane, branch]) => portOf(view, tree, lane, branch)),
    ...(lanes.length > PORTS_MAX && { portsLeftOut: lanes.length - PORTS_MAX }),
    victims: byTime
      .slice(0, VICTIMS_MAX)
      .map(([flow, ps]): WaitingFlow => ({ flow, ...ends.get(flow)!, waitedNs: ps / 1000 })),
    ...(byTime.length > VICTIMS_MAX && { victimsLeftOut: byTime.length - VICTIMS_MAX }),
    users: used,
  };
}

function endsByName({ plan }: PlanView, tree: Tree, logicalOf?: ArrayLike<number>) {
  const { rank } = plan.fabric.nics;
  const { srcNic, dstNic } = plan.flows;
  const ends = new Map<number, { src: number; dst: number }>();
  for (const flow of tree.flows.keys()) {
    ends.set(logicalOf?.[flow] ?? flow, { src: rank[srcNic[flow]!]!, dst: rank[dstNic[flow]!]! });
  }
  return ends;
}

const psOf = ({ pausedPs, creditWaitPs }: Sum) => pausedPs + creditWaitPs;

function portOf(view: PlanView, { lanes }: Tree, lane: number, branch: Branch): WaitingPort {
  const { plan, fabric } = view;
  const ports = fabric.peerPort.length;
  const [holder] = [...branch.behind].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]!;
  return {
    link: linkName(view, lane % ports),
    ...(plan.dataClasses.length > 1 && { dataClass: Math.floor(lane / ports) }),
    pausedNs: branch.pausedPs / 1000,
    creditWaitNs: branch.creditWaitPs / 1000,
    behind: holder >= 0 && lanes.has(holder) ? linkName(view, holder % ports) : null,
  };
}

function rootName(view: PlanView, root: Root): string {
  if (root.kind === "device") return endName(view, root.port);
  return linkName(view, root.lane % view.fabric.peerPort.length);
}

function causeOf(view: PlanView, root: Root): WaitCause {
  const { plan, nicOfPort, fabric } = view;
  if (root.kind === "device") {
    const nic = nicOfPort[root.port]!;
    return plan.stalls.some((stall) => stall.nic === nic) ? "stalled-nic" : "credit-loop";
  }
  if (root.kind === "loop") return "credit-loop";
  if (root.kind === "circle") return "deadlock";
  const port = root.lane % fabric.peerPort.length;
  return isSlowReceiver(view, port) ? "slow-receiver" : "hot-egress";
}

/** Whether the port leads to a NIC, slower at some time than most of those. */
function isSlowReceiver(view: PlanView, port: number): boolean {
  const { fabric, nicOfPort, plan } = view;
  if (nicOfPort[fabric.peerPort[port]!]! < 0) return false;
  const rate = (one: number) => fabric.linkClasses[fabric.portClass[one]!]!.rateBps;
  const rates = Array.from(fabric.nics.port.subarray(0, fabric.nics.count), (nic) => rate(fabric.peerPort[nic]!));
  const usual = rates.sort((a, b) => a - b)[rates.length >> 1]!;
  const classes = portClasses(plan)(port);
  return Math.min(...classes.map((one) => fabric.linkClasses[one]!.rateBps)) < usual;
}

/** Which flows may use a root: those that have it on some of their shortest paths. */
class RootUsers {
  readonly #reach = new Map<string, ReadonlySet<number>>();

  constructor(private readonly view: PlanView) {}

  mayUse(root: Root, flow: number): boolean {
    const { plan, fabric } = this.view;
    const src = plan.flows.srcNic[flow]!;
    const dst = plan.flows.dstNic[flow]!;
    if (root.kind === "device") return fabric.nics.port[dst] === root.port;
    const port = root.lane % fabric.peerPort.length;
    // The last hop is that of all flows to its NIC, and of no other.
    if (switchAt(this.view, fabric.peerPort[port]!) < 0) return fabric.nics.port[dst] === fabric.peerPort[port];
    return this.#portsOf(src, dst).has(port);
  }

  #portsOf(src: number, dst: number): ReadonlySet<number> {
    const key = `${src} ${dst}`;
    let ports = this.#reach.get(key);
    if (ports === undefined) {
      ports = new Set(reachOf(this.view, src, dst).ports);
      this.#reach.set(key, ports);
    }
    return ports;
  }
}
