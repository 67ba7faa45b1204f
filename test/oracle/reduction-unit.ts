import { contentsOf, leadingFlows, NONE, type ReductionPlan } from "../../src/plan/reduction.js";
import { check } from "./check.js";
import { Step } from "./events.js";
import { answerPacket, dataPacket, type Packet } from "./packet.js";
import type { Simulation } from "./simulation.js";
import type { Switch, SwitchPort } from "./switch.js";

interface Child {
  readonly port: number;
  /** Flow that packets to it go by. */
  readonly flow: number;
  readonly receives: boolean;
}

/** A switch in the tree of an operation. */
interface Node {
  readonly lead: number;
  /** Local port, or -1 at the root. */
  readonly parentPort: number;
  readonly contributes: boolean;
  readonly children: readonly Child[];
  /** Child ports that have contributed, by packet number. */
  readonly sums: Map<number, Set<number>>;
}

/** What adds up and copies the packets of operations at a switch: MODEL §12. */
export class ReductionUnit {
  /** By operation. */
  private readonly nodes = new Map<number, Node>();
  private readonly latencyPs: number = 0;
  private completed = 0;

  constructor(
    private readonly sim: Simulation,
    private readonly owner: Switch,
    private readonly device: number,
    switchNumber: number,
  ) {
    const { reduction } = sim.plan;
    if (reduction === undefined) return;
    this.latencyPs = reduction.latencyPs[switchNumber]!;
    reduction.nodes.switchNumber.forEach((at, node) => {
      if (at === switchNumber) this.nodes.set(reduction.nodes.operation[node]!, nodeOf(reduction, node));
    });
  }

  /** Takes a packet up if it is one of an operation. */
  takes(packet: Packet, ingress: SwitchPort): boolean {
    const operation = this.sim.plan.reduction?.operationOf[packet.flow] ?? NONE;
    if (operation === NONE) return false;
    const node = this.nodes.get(operation);
    check(node !== undefined, "packets of an operation stay in its tree");
    this.sim.takenUp += 1;
    ingress.freeCredit(packet);
    const port = this.owner.ports.indexOf(ingress);
    if (port === node.parentPort) this.copy(node, packet.number);
    else this.contribute(node, packet, port);
    return true;
  }

  private contribute(node: Node, { number, kind }: Packet, port: number): void {
    const child = node.children.find((candidate) => candidate.port === port);
    check(child !== undefined, "contributions come from children");
    check(kind === "data" || kind === "ack", "contributions are full or empty");
    const sum = node.sums.get(number) ?? new Set();
    check(!sum.has(port), "a child contributes once");
    node.sums.set(number, sum.add(port));
    if (sum.size < node.children.length) return;
    node.sums.delete(number);
    const timePs = this.sim.nowPs + this.latencyPs;
    const moment = { timePs, device: this.device, step: Step.sum, rank: this.completed++, subrank: 0 };
    this.sim.events.schedule(moment, () => {
      if (node.parentPort < 0) this.copy(node, number);
      else this.send(node.parentPort, node.lead, number, node.contributes);
    });
  }

  private copy(node: Node, number: number): void {
    for (const { port, flow, receives } of node.children) this.send(port, flow, number, receives);
  }

  private send(port: number, flow: number, number: number, isFull: boolean): void {
    const { wire } = this.sim.plan;
    this.sim.sentByUnits += 1;
    this.owner.finish(
      isFull
        ? dataPacket(wire, flow, number, this.sim.senders[flow]!.payloadBytes(number), -1)
        : answerPacket(wire, "ack", flow, number, -1, -1),
      this.owner.ports[port]!,
    );
  }
}

function nodeOf(plan: ReductionPlan, number: number): Node {
  const { nodes } = plan;
  const contents = contentsOf(plan);
  const leads = leadingFlows(plan);
  const lead = leads[nodes.operation[number]!]!;
  const children: Child[] = [];
  for (let i = nodes.childFirst[number]!; i < nodes.childFirst[number + 1]!; i++) {
    const node = nodes.childNode[i]!;
    const port = nodes.childPort[i]!;
    const member = nodes.childFlow[i]!;
    children.push(
      node === NONE
        ? { port, flow: member, receives: plan.receives[member] === 1 }
        : { port, flow: lead, receives: contents.receives[node] === 1 },
    );
  }
  const isRoot = nodes.parent[number] === NONE;
  return {
    lead,
    parentPort: isRoot ? -1 : nodes.parentPort[number]!,
    contributes: contents.contributes[number] === 1,
    children: children.sort((a, b) => a.port - b.port),
    sums: new Map(),
  };
}
