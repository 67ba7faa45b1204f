import type { SwitchSpec } from "../../src/plan/fabric.js";
import type { Buffers } from "./buffers.js";
import { check } from "./check.js";
import { OnCredit } from "./credit.js";
import { Fifo } from "./fifo.js";
import type { Gate } from "./gate.js";
import { Mixed } from "./mixed.js";
import { noticePacket, type Packet, trimmedPacket } from "./packet.js";
import { Pfc } from "./pfc.js";
import { Port } from "./port.js";
import { Draws, Purpose, pick } from "./random.js";
import { ReductionUnit } from "./reduction-unit.js";
import { Router } from "./routing.js";
import type { Simulation } from "./simulation.js";
import { TailDrop } from "./tail-drop.js";

/** A switch: its ports, its buffer, its routing. */
export class Switch {
  readonly ports: readonly SwitchPort[];
  readonly buffers: Buffers;
  readonly router: Router;
  private readonly isLossless: boolean;
  private readonly hasLossyClasses: boolean;
  private readonly tailDrop: TailDrop | null;
  private readonly unit: ReductionUnit;

  constructor(
    private readonly sim: Simulation,
    spec: SwitchSpec,
    switchNumber: number,
  ) {
    const { fabric, flowControl } = sim.plan;
    const first = fabric.firstPort[spec.device]!;
    const count = fabric.firstPort[spec.device + 1]! - first;
    this.ports = Array.from({ length: count }, (_, i) => new SwitchPort(sim, this, switchNumber, spec, first + i));
    const isOnCredit = (flowControl.credit?.bufferBlocks[first] ?? 0) > 0;
    const lossyBytes = flowControl.lossyBytes?.[switchNumber] ?? 0;
    this.isLossless = flowControl.lossless[switchNumber] === 1 || isOnCredit;
    this.hasLossyClasses = lossyBytes > 0;
    this.tailDrop = isOnCredit
      ? null
      : new TailDrop(this.isLossless ? lossyBytes : spec.bufferBytes, flowControl, sim.plan.dataClasses);
    this.buffers = isOnCredit ? new OnCredit() : this.isLossless ? this.pfcWith(spec, lossyBytes) : this.tailDrop!;
    this.unit = new ReductionUnit(sim, this, spec.device, switchNumber);
    this.router = new Router(sim, spec, switchNumber, this.ports);
  }

  /** PFC for the classes that are lossless here; the others have bytes to themselves. */
  private pfcWith({ bufferBytes }: SwitchSpec, lossyBytes: number): Buffers {
    const { flowControl, dataClasses } = this.sim.plan;
    const lossless = this.sim.classes.filter((dataClass) => !this.isLossy(dataClass));
    const numbers = this.ports.map((port) => port.number);
    const pfc = new Pfc(bufferBytes - lossyBytes, numbers, flowControl.ports, dataClasses, lossless);
    return lossyBytes > 0 ? new Mixed(pfc, this.tailDrop!, (dataClass) => this.isLossy(dataClass)) : pfc;
  }

  /** Whether packets of a data class are dropped here rather than paused. */
  private isLossy(dataClass: number): boolean {
    if (!this.isLossless) return true;
    return this.hasLossyClasses && this.sim.plan.dataClasses[dataClass]!.rules?.isLossy === true;
  }

  /** What is lossy is on the account of its egress. */
  private accountClassOf(packet: Packet): number {
    const dataClass = this.sim.classOf(packet);
    return this.isLossy(dataClass) ? dataClass : this.sim.ingressClassOf(packet);
  }

  /** A packet reaches the queues: MODEL §6. */
  process(packet: Packet, ingress: SwitchPort): void {
    const { sim } = this;
    if (packet.kind === "notice") {
      sim.totals.noticesReceived += 1;
      this.router.remote.hear(this.ports.indexOf(ingress), packet.flow, packet.number, sim.nowPs);
      return;
    }
    if (this.unit.takes(packet, ingress)) return;
    packet.ingressLane = packet.lane;
    const egress = this.ports[this.router.route(packet, ingress, sim.nowPs)]!;
    packet.ingress = ingress;
    this.advertise(packet, ingress, egress);
    if (packet.trafficClass === "data") {
      if (egress.isDiscarding(sim.classOf(packet))) {
        egress.discard(packet);
        return;
      }
      const dataClass = this.accountClassOf(packet);
      if (!this.buffers.admit(packet, { ingress, egress, dataClass })) {
        if (this.takesPlaceOfLast(packet, ingress, egress)) this.finish(packet, egress);
        else this.refuse(packet, egress);
        return;
      }
      if (this.buffers.pauseIfNeeded(ingress, dataClass)) this.noteHolder(packet, ingress, egress, dataClass);
    }
    this.finish(packet, egress);
  }

  /** The egress with most bytes of the ingress, with those of the packet that comes. */
  private noteHolder(packet: Packet, ingress: SwitchPort, egress: SwitchPort, dataClass: number): void {
    const bytesAt = (port: SwitchPort) =>
      port.waitingFrom(ingress, dataClass).reduce((sum, { accountedBytes }) => sum + accountedBytes, 0) +
      (port === egress ? packet.accountedBytes : 0);
    const holder = this.ports.reduce((a, b) => (bytesAt(b) > bytesAt(a) ? b : a));
    const found = { timePs: this.sim.nowPs, holder: holder.laneOf(dataClass), isAlone: false };
    this.sim.log.holders.add(ingress.laneOf(dataClass), found);
  }

  /** The egress with most packets of the ingress; -1 where none waits. */
  holderOf(ingress: SwitchPort, dataClass: number): number {
    const count = (port: SwitchPort) => port.waitingFrom(ingress, dataClass).length;
    const holder = this.ports.reduce((a, b) => (count(b) > count(a) ? b : a));
    return count(holder) === 0 ? -1 : holder.laneOf(dataClass);
  }

  /** Marks and queues a packet. */
  finish(packet: Packet, egress: SwitchPort): void {
    if (packet.kind === "data" && this.sim.plan.ecn?.at === "enqueue")
      egress.mark(packet, egress.classBacklogPs(packet));
    egress.queue(packet);
  }

  /** Tells the switch that a data packet came from what waits on its way. */
  private advertise(packet: Packet, ingress: SwitchPort, egress: SwitchPort): void {
    const { sim } = this;
    if (sim.routing.policy !== "adaptive-remote" || packet.kind !== "data") return;
    if (!(ingress.peer instanceof SwitchPort && egress.peer instanceof SwitchPort)) return;
    const { group, weight } = this.router.weigh(this.ports.indexOf(egress), packet.destination, sim.nowPs);
    if (weight < sim.routing.noticeQuanta) return;
    if (!this.router.remote.mayTell(this.ports.indexOf(ingress), group, sim.nowPs)) return;
    sim.totals.noticesSent += 1;
    ingress.queue(noticePacket(sim.plan.wire, group, weight));
  }

  /** Drops a packet that there is no room for, or cuts it. */
  private refuse(packet: Packet, egress: SwitchPort): void {
    const { totals, ports, plan, log, nowPs } = this.sim;
    const isCut = packet.kind === "data" && plan.flowControl.trim && this.isLossy(this.sim.classOf(packet));
    log.loses(packet, egress.number, isCut ? "trimmed" : "congestion", nowPs);
    if (isCut) {
      totals.trimmed += 1;
      egress.queue(trimmedPacket(plan.wire, packet));
      return;
    }
    totals.droppedCongestion += 1;
    ports.droppedCongestion[packet.ingress!.number]! += 1;
  }

  /** By chance, the last data packet that waits gives way to this one, if that makes room. */
  private takesPlaceOfLast(packet: Packet, ingress: SwitchPort, egress: SwitchPort): boolean {
    const dataClass = this.sim.classOf(packet);
    const { victim } = this.sim.plan.flowControl;
    if (this.tailDrop === null || !this.isLossy(dataClass)) return false;
    const contender = egress.contend(dataClass);
    const last = egress.waitingLast(dataClass);
    if (victim === "arriving" || last === undefined) return false;
    if (!this.tailDrop.fits(packet, { egress, dataClass }, last.accountedBytes)) return false;
    const draw = egress.drawVictim();
    if (victim === "random" ? draw >= 2 ** 31 : pick(draw, contender + 1) !== 0) return false;
    const place = { ingress, egress, dataClass };
    this.buffers.release(last, place);
    egress.removeLastData(dataClass);
    this.refuse(last, egress);
    check(this.buffers.admit(packet, place), "a packet fits where it was found to fit");
    return true;
  }

  release(packet: Packet, egress: SwitchPort): void {
    // A reduction unit's packets have no ingress: they are on no account.
    if (packet.trafficClass !== "data" || packet.ingress === null) return;
    this.buffers.release(packet, { ingress: packet.ingress, egress, dataClass: this.accountClassOf(packet) });
    packet.ingress.freeCredit(packet, egress);
  }
}

/** A port of a switch. */
export class SwitchPort extends Port {
  private readonly control = new Fifo<Packet>();
  /** By data class: what waits, and its serialization. */
  private readonly data: readonly Fifo<Packet>[];
  private readonly classQueuedPs: number[];
  private queuedPs = 0;
  private readonly ecnDraws: Draws;
  private readonly fullDraws: Draws;
  /** By data class: the end of the transmission during which packets did not fit, and how many. */
  private readonly contestEndPs: number[];
  private readonly contenders: number[];

  constructor(
    sim: Simulation,
    readonly owner: Switch,
    readonly switchNumber: number,
    spec: SwitchSpec,
    number: number,
  ) {
    super(sim, spec.device, number, spec.latencyPs);
    this.data = sim.classes.map(() => new Fifo<Packet>());
    this.classQueuedPs = sim.classes.map(() => 0);
    this.ecnDraws = new Draws(sim.plan.seed, Purpose.ecn, number);
    this.fullDraws = new Draws(sim.plan.seed, Purpose.full, number);
    this.contestEndPs = sim.classes.map(() => -1);
    this.contenders = sim.classes.map(() => 0);
  }

  /** Time until everything that waits here now would have left. */
  backlogPs(): number {
    return this.remainingPs() + this.queuedPs;
  }

  sample(): { readonly queuedPs: number; readonly busyUntilPs: number } {
    return { queuedPs: this.queuedPs, busyUntilPs: this.transmitting ? this.transmissionEndPs : 0 };
  }

  /** The same where the packet's own class is all that counts. */
  classBacklogPs(packet: Packet): number {
    return this.remainingPs() + this.queuedBeside(packet);
  }

  private queuedBeside(packet: Packet): number {
    return this.sim.classes.length === 1 ? this.queuedPs : this.classQueuedPs[this.sim.classOf(packet)]!;
  }

  /** Data packets and pause frames that wait, and ACKs. */
  queuedPackets(): number {
    return this.framesWaiting + this.control.length + this.data.reduce((sum, { length }) => sum + length, 0);
  }

  queue(packet: Packet): void {
    this.sim.log.queued(packet, this.sim.nowPs);
    this.append(packet);
    const { maxBacklogPs } = this.sim.ports;
    maxBacklogPs[this.number] = Math.max(maxBacklogPs[this.number]!, this.backlogPs());
  }

  /** The data packet that waits last, unless it is the next in turn. */
  waitingLast(dataClass: number): Packet | undefined {
    const queue = this.data[dataClass]!;
    return queue.length > 1 ? queue.last() : undefined;
  }

  removeLastData(dataClass: number): void {
    this.noteTaken(this.data[dataClass]!.pop()!);
  }

  /** What waits is counted anew, at the new rate. */
  override takeClass(linkClass: number): void {
    super.takeClass(linkClass);
    const sum = (packets: readonly Packet[]) => packets.reduce((ps, packet) => ps + this.serializationPs(packet), 0);
    this.data.forEach((queue, dataClass) => {
      this.classQueuedPs[dataClass] = sum(queue.all());
    });
    this.queuedPs = sum([...this.waitingFrames(), ...this.control.all(), ...this.data.flatMap((queue) => queue.all())]);
  }

  private noteTaken(packet: Packet): void {
    this.queuedPs -= this.serializationPs(packet);
    if (packet.trafficClass === "data") this.classQueuedPs[this.sim.classOf(packet)]! -= this.serializationPs(packet);
  }

  drawVictim(): number {
    return this.fullDraws.next32();
  }

  /**
   * Which of the packets of a data class that did not fit during the transmission in progress this
   * one is.
   */
  contend(dataClass: number): number {
    if (this.contestEndPs[dataClass] !== this.transmissionEndPs || !this.transmitting) this.contenders[dataClass] = 0;
    this.contestEndPs[dataClass] = this.transmissionEndPs;
    this.contenders[dataClass]! += 1;
    return this.contenders[dataClass]!;
  }

  override freeCredit(packet: Packet, egress?: Port): void {
    super.freeCredit(packet, egress, this.sim.ingressClassOf(packet));
  }

  /** Packets of a data class that came by an ingress and wait here. */
  waitingFrom(ingress: SwitchPort, dataClass: number): readonly Packet[] {
    return this.data[dataClass]!.all().filter((packet) => packet.ingress === ingress);
  }

  protected override waitingFlows(dataClass: number): number[] {
    return this.data[dataClass]!.all()
      .slice(0, 64)
      .map(({ flow }) => flow);
  }

  protected override lastHolder(_ingress: Port, dataClass: number): number {
    return this.owner.holderOf(this, dataClass);
  }

  protected override noteFreed(dataClass: number, egress?: Port): void {
    const { log, nowPs, plan } = this.sim;
    const isAlone =
      egress === undefined ||
      ((egress as SwitchPort).data[dataClass]!.length === 0 && plan.flowControl.release === "end");
    const holder = egress?.laneOf(dataClass) ?? -1;
    log.holders.add(this.laneOf(dataClass), { timePs: nowPs, holder, isAlone });
  }

  protected override queueFrame(packet: Packet): void {
    this.append(packet);
  }

  /** Decides whether the packet gets a congestion mark, and counts it. */
  mark(packet: Packet, backlogPs: number): void {
    const { ecn } = this.sim.plan;
    if (ecn === null) return;
    const { linkClass } = this;
    const thresholds = this.sim.plan.dataClasses[this.sim.classOf(packet)]!.rules?.ecn ?? ecn;
    const kminPs = thresholds.kminPs[linkClass]!;
    if (backlogPs <= kminPs) return;
    if (backlogPs <= thresholds.kmaxPs[linkClass]!) {
      const draw = this.ecnDraws.next32() / 2 ** 32;
      if (draw >= (backlogPs - kminPs) * thresholds.slope[linkClass]!) return;
    }
    packet.marked = true;
    this.sim.totals.ecnMarked += 1;
    this.sim.ports.ecnMarked[this.number]! += 1;
  }

  private append(packet: Packet): void {
    this.queuedPs += this.serializationPs(packet);
    if (packet.trafficClass === "frame") {
      this.pushFrame(packet);
    } else if (packet.trafficClass === "control") {
      this.control.push(packet);
    } else {
      const dataClass = this.sim.classOf(packet);
      this.data[dataClass]!.push(packet);
      this.classQueuedPs[dataClass]! += this.serializationPs(packet);
    }
    this.kick();
    for (const gate of this.gates) this.watch(gate);
  }

  isDiscarding(dataClass: number): boolean {
    return this.gates[dataClass]!.storming && this.sim.plan.flowControl.watchdog!.action === "drop";
  }

  /** Counts a packet that the watchdog drops. */
  discard(packet: Packet): void {
    this.sim.log.loses(packet, this.number, "watchdog", this.sim.nowPs);
    this.sim.totals.droppedWatchdog += 1;
    this.sim.ports.droppedWatchdog[this.number]! += 1;
  }

  /** Starts the watchdog's clock where there is reason to. */
  private watch(gate: Gate): void {
    const { watchdog } = this.sim.plan.flowControl;
    if (watchdog === null || watchdog.guarded[this.switchNumber] !== 1) return;
    if (!gate.paused || this.data[gate.dataClass]!.length === 0 || gate.storm !== null) return;
    gate.storm = this.atPauseTimer(gate, this.sim.nowPs + watchdog.detectPs, 2, () => this.beginStorm(gate));
  }

  private beginStorm(gate: Gate): void {
    const { sim } = this;
    gate.storm = null;
    this.countPause(gate, sim.nowPs);
    gate.paused = false;
    this.noteResumed(gate);
    gate.storming = true;
    gate.peerPauses = true;
    sim.totals.storms += 1;
    if (this.isDiscarding(gate.dataClass)) {
      const queue = this.data[gate.dataClass]!;
      for (let packet = queue.shift(); packet !== undefined; packet = queue.shift()) {
        this.noteTaken(packet);
        this.discard(packet);
        this.owner.release(packet, this);
      }
    }
    this.kick();
  }

  private get isHeedless(): boolean {
    return this.sim.plan.flowControl.heedless?.[this.switchNumber] === 1;
  }

  protected override pause(gate: Gate): void {
    if (this.isHeedless) return;
    if (!gate.storming) {
      super.pause(gate);
      this.watch(gate);
      return;
    }
    gate.peerPauses = true;
    if (gate.restoration !== null) gate.restoration.cancelled = true;
    this.startLapse(gate);
  }

  protected override endPause(gate: Gate): void {
    if (this.isHeedless) return;
    if (!gate.storming) {
      if (gate.storm !== null) gate.storm.cancelled = true;
      gate.storm = null;
      super.endPause(gate);
      return;
    }
    this.stopLapse(gate);
    if (!gate.peerPauses) return;
    gate.peerPauses = false;
    const { restorePs } = this.sim.plan.flowControl.watchdog!;
    gate.restoration = this.atPauseTimer(gate, this.sim.nowPs + restorePs, 3, () => {
      gate.storming = false;
    });
  }

  protected override takeNext(): Packet | undefined {
    const packet = this.nextFrame() ?? this.control.shift() ?? this.takeData();
    if (packet !== undefined) this.noteTaken(packet);
    return packet;
  }

  private takeData(): Packet | undefined {
    const dataClass = this.takeTurn((candidate) => this.data[candidate]!.peek()?.accountedBytes);
    return dataClass === undefined ? undefined : this.data[dataClass]!.shift();
  }

  private report(packet: Packet): void {
    const { number, sim } = this;
    const transmittedBytes = sim.ports.txBytes[number]! - packet.wireBytes;
    const busyPs = transmittedBytes * this.psPerByte;
    packet.reports.push({ port: number, timePs: sim.nowPs, queuedPs: Math.min(this.queuedPs, 2 ** 32 - 1), busyPs });
  }

  protected override process(packet: Packet): void {
    this.owner.process(packet, this);
  }

  protected override started(packet: Packet): void {
    if (packet.kind === "data" && this.sim.plan.ecn?.at === "dequeue") this.mark(packet, this.queuedBeside(packet));
    if (packet.kind === "data") this.report(packet);
    if (this.sim.plan.flowControl.release === "start") this.owner.release(packet, this);
  }

  protected override ended(packet: Packet): void {
    if (this.sim.plan.flowControl.release === "end") this.owner.release(packet, this);
  }
}
