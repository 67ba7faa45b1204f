import type { RouteChange } from "../../src/plan/changes.js";
import type { SwitchSpec } from "../../src/plan/fabric.js";
import { UNREACHABLE } from "../../src/plan/fabric.js";
import { check } from "./check.js";
import { Detours } from "./detours.js";
import type { Packet } from "./packet.js";
import { Draws, keyOf, mix, Purpose, pick } from "./random.js";
import { RemoteQueues } from "./remote-queues.js";
import type { Simulation } from "./simulation.js";
import type { SwitchPort } from "./switch.js";

const MAX_DEPTH = 2 ** 21 - 1;

interface Group {
  readonly key: string;
  readonly localPorts: readonly number[];
  /** Packets that `round-robin` has sent this way. */
  turns: number;
}

/** Chooses the egress port of each packet in one switch (MODEL §9). */
export class Router {
  private readonly hashKey: number;
  private readonly sprayDraws: Draws;
  private readonly tieDraws: Draws;
  /**
   * By place in the table: where the last packet went, and when. The table of other rules is
   * another one.
   */
  private readonly flowlets = new Map<number, { timePs: number; index: number }>();
  private flowletRules = "";
  private readonly groups = new Map<string, Group>();
  /** Group by address, where changes have set it. */
  private readonly changedGroups = new Map<number, number>();
  /** What other switches have advertised. */
  readonly remote: RemoteQueues;
  private readonly detours: Detours;
  /** What a custom policy keeps for the switch and for its groups, under these rules. */
  private readonly words = new Map<string, Uint32Array>();
  private customRules = "";

  constructor(
    private readonly sim: Simulation,
    private readonly spec: SwitchSpec,
    private readonly switchNumber: number,
    private readonly ports: readonly SwitchPort[],
  ) {
    this.remote = new RemoteQueues(sim);
    this.detours = new Detours(sim, switchNumber);
    this.hashKey = keyOf(sim.plan.seed, Purpose.hashing, switchNumber);
    this.sprayDraws = new Draws(sim.plan.seed, Purpose.spraying, switchNumber);
    this.tieDraws = new Draws(sim.plan.seed, Purpose.adaptiveTie, switchNumber);
  }

  /** Local port by which the packet leaves. */
  route(packet: Packet, ingress: SwitchPort, nowPs: number): number {
    const aim = this.detours.aimOf(packet, ingress, this.sprayDraws, (to) => this.leastWeight(to, nowPs));
    const group = this.groupTo(aim);
    const { localPorts } = group;
    check(localPorts.length > 0, `${this.spec.name} has a path to address ${packet.destination}`);
    return localPorts.length === 1 ? localPorts[0]! : localPorts[this.choose(packet, group, aim, nowPs)]!;
  }

  /** Local ports that lead to an address. */
  candidatesTo(address: number): readonly number[] {
    return this.groupTo(address).localPorts;
  }

  private leastWeight(address: number, nowPs: number): number {
    return Math.min(...this.candidatesTo(address).map((port) => this.detourWeight(port, address, nowPs)));
  }

  /** MODEL §9, Detours: of a candidate on the way to an address. */
  private detourWeight(port: number, address: number, nowPs: number): number {
    const depth = this.depth(port, nowPs);
    if (this.sim.routing.policy !== "ugal-g") return depth;
    const behind = this.detours.portsBehind(this.ports[port]!, address);
    if (behind.length === 0) return depth;
    const depths = behind.map((far) => {
      const { atPs, backlogPs } = this.sim.samples.backlogOf(far, nowPs);
      return this.depthOf(backlogPs, atPs);
    });
    return Math.min(depth + Math.min(...depths), MAX_DEPTH);
  }

  /** From now on, addresses have another group of the table. */
  setGroup({ firstAddress, addressCount, group }: RouteChange): void {
    for (let i = 0; i < addressCount; i++) this.changedGroups.set(firstAddress + i, group);
  }

  private groupTo(address: number): Group {
    const { routing } = this.spec;
    if (routing.kind === "table") {
      const index = this.changedGroups.get(address) ?? routing.groupOf[address] ?? UNREACHABLE;
      check(index !== UNREACHABLE, `${this.spec.name} has a path to address ${address}`);
      return this.group(`${index}`, () => routing.groups[index]!);
    }
    const { low, high, stride, downBase, downWidth, upBase, upCount } = routing;
    if (address < low || address >= high) return this.group("up", () => consecutive(upBase, upCount));
    const child = Math.floor((address - low) / stride);
    return this.group(`${child}`, () => consecutive(downBase + child * downWidth, downWidth));
  }

  private group(key: string, localPorts: () => readonly number[]): Group {
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { key, localPorts: localPorts(), turns: 0 };
      this.groups.set(key, group);
    }
    return group;
  }

  private choose(packet: Packet, group: Group, aim: number, nowPs: number): number {
    const n = group.localPorts.length;
    switch (this.sim.routing.policy) {
      case "ecmp":
        return this.hash(this.sim.plan.flows.connection[packet.flow]!, packet, n);
      case "ecmp-qp":
        return this.hash(packet.flow, packet, n);
      case "spray":
        return pick(this.sprayDraws.next32(), n);
      case "round-robin":
        return group.turns++ % n;
      case "adaptive":
        return this.least(group.localPorts, (port) => this.depth(port, nowPs));
      case "adaptive-remote":
        return this.least(group.localPorts, (port) => this.weigh(port, packet.destination, nowPs).weight);
      case "flowlet":
        return this.byFlowlet(packet, group.localPorts, nowPs);
      case "oblivious":
      case "reps":
      case "bitmap":
      case "mixed":
        return this.hash(packet.flow, packet, n, packet.entropy);
      case "valiant":
        return pick(this.sprayDraws.next32(), n);
      case "ugal-l":
      case "ugal-g":
        return this.least(group.localPorts, (port) => this.detourWeight(port, aim, nowPs));
      case "custom":
        return this.byCustom(packet, group, nowPs);
      case "pinned":
        return this.pinned(packet.destination, n);
    }
  }

  private pinned(destination: number, n: number): number {
    const { routing } = this.spec;
    if (routing.kind === "table" && routing.pins !== undefined) return routing.pins[destination]! % n;
    return Math.floor(destination / routing.pinDivisor) % n;
  }

  /** Asks the policy that the run was given, which sees and changes what MODEL §9 says. */
  private byCustom(packet: Packet, { key, localPorts }: Group, nowPs: number): number {
    const { routing, plan, policy } = this.sim;
    const { stateWords, parameters } = routing.custom!;
    const rules = JSON.stringify(routing);
    if (rules !== this.customRules) this.words.clear();
    this.customRules = rules;
    const words = (name: string, count: number) => {
      const found = this.words.get(name) ?? new Uint32Array(count);
      this.words.set(name, found);
      return found;
    };
    const own = words("switch", stateWords);
    const ofGroup = words(key, 16);
    const index = policy!({
      count: localPorts.length,
      switchNumber: this.switchNumber,
      qp: packet.flow,
      connection: plan.flows.connection[packet.flow]!,
      destination: packet.destination,
      backward: packet.kind !== "data" && packet.kind !== "trimmed",
      nowPs,
      port: (i) => localPorts[i]!,
      depth: (i) => this.depth(localPorts[i]!, nowPs),
      draw: () => this.tieDraws.next32(),
      hash: (value) => mix((this.hashKey + Math.imul(value, 0x9e3779b1)) | 0),
      pick,
      parameter: (i) => parameters[i] ?? 0,
      state: (i) => own[i]!,
      setState: (i, value) => {
        own[i] = value;
      },
      groupState: (i) => ofGroup[i]!,
      setGroupState: (i, value) => {
        ofGroup[i] = value;
      },
    });
    check(index >= 0 && index < localPorts.length, "the policy answers with a candidate");
    return index;
  }

  private byFlowlet(packet: Packet, localPorts: readonly number[], nowPs: number): number {
    const { routing } = this.sim;
    const rules = JSON.stringify(routing);
    if (rules !== this.flowletRules) this.flowlets.clear();
    this.flowletRules = rules;
    const slot = this.hash(packet.flow, packet, routing.flowletEntries);
    const last = this.flowlets.get(slot);
    const goesOn = last !== undefined && nowPs - last.timePs <= routing.flowletGapPs && last.index < localPorts.length;
    const index = goesOn ? last.index : this.least(localPorts, (port) => this.depth(port, nowPs));
    this.flowlets.set(slot, { timePs: nowPs, index });
    return index;
  }

  private hash(identity: number, packet: Packet, n: number, entropy = 0): number {
    const f = (2 * identity + (packet.kind === "data" || packet.kind === "trimmed" ? 0 : 1)) % 2 ** 32;
    const key = (this.hashKey + Math.imul(entropy, 0x85ebca6b)) | 0;
    return pick(mix((key + Math.imul(f, 0x9e3779b1)) | 0), n);
  }

  /** A port's depth plus what the switch behind it has advertised for the destination's group. */
  weigh(localPort: number, destination: number, nowPs: number): { group: number; weight: number } {
    const group = Math.floor(destination / this.sim.routing.groupDivisor);
    const weight = this.depth(localPort, nowPs) + this.remote.depth(localPort, group, nowPs);
    return { group, weight: Math.min(weight, MAX_DEPTH) };
  }

  /** Quanta. */
  private depth(localPort: number, nowPs: number): number {
    return this.depthOf(this.ports[localPort]!.backlogPs(), nowPs);
  }

  private depthOf(backlogPs: number, nowPs: number): number {
    const quantumPs = 2 ** this.sim.routing.quantumShift;
    const depth = Math.floor((nowPs + backlogPs) / quantumPs) - Math.floor(nowPs / quantumPs);
    return Math.min(depth, MAX_DEPTH);
  }

  private least(localPorts: readonly number[], weightOf: (localPort: number) => number): number {
    const n = localPorts.length;
    const weights = localPorts.map(weightOf);
    const first = pick(this.tieDraws.next32(), n);
    let best = first;
    for (let i = 1; i < n; i++) {
      const candidate = (first + i) % n;
      if (weights[candidate]! < weights[best]!) best = candidate;
    }
    return best;
  }
}

function consecutive(base: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => base + i);
}
