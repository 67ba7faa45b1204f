import type { SwitchSpec } from "../../src/plan/fabric.js";
import type { Buffers } from "./buffers.js";
import { check } from "./check.js";
import { OnCredit } from "./credit.js";
import type { Event } from "./events.js";
import { Fifo } from "./fifo.js";
import { noticePacket, type Packet, trimmedPacket } from "./packet.js";
import { Pfc } from "./pfc.js";
import { Port } from "./port.js";
import { Draws, Purpose } from "./random.js";
import { Router } from "./routing.js";
import type { Simulation } from "./simulation.js";
import { TailDrop } from "./tail-drop.js";

/** A switch: its ports, its buffer, its routing. */
export class Switch {
  readonly ports: readonly SwitchPort[];
  readonly buffers: Buffers;
  private readonly router: Router;
  private readonly isLossless: boolean;

  constructor(
    private readonly sim: Simulation,
    spec: SwitchSpec,
    switchNumber: number,
  ) {
    const { fabric, flowControl } = sim.plan;
    const first = fabric.firstPort[spec.device]!;
    const count = fabric.firstPort[spec.device + 1]! - first;
    this.ports = Array.from({ length: count }, (_, i) => new SwitchPort(sim, this, switchNumber, spec, first + i));
    this.isLossless = flowControl.lossless[switchNumber] === 1;
    const isOnCredit = (flowControl.credit?.bufferBlocks[first] ?? 0) > 0;
    this.buffers = isOnCredit
      ? new OnCredit()
      : this.isLossless
        ? new Pfc(
            spec.bufferBytes,
            this.ports.map((port) => port.number),
            flowControl.ports,
          )
        : new TailDrop(spec.bufferBytes, flowControl);
    this.router = new Router(sim, spec, switchNumber, (local) => this.ports[local]!.backlogPs());
  }

  /** A packet reaches the queues: MODEL §6. */
  process(packet: Packet, ingress: SwitchPort): void {
    const { sim } = this;
    if (packet.kind === "notice") {
      sim.totals.noticesReceived += 1;
      this.router.remote.hear(this.ports.indexOf(ingress), packet.flow, packet.number, sim.nowPs);
      return;
    }
    const egress = this.ports[this.router.route(packet, sim.nowPs)]!;
    packet.ingress = ingress;
    this.advertise(packet, ingress, egress);
    if (packet.trafficClass === "data") {
      if (egress.isDiscarding()) {
        egress.discard();
        return;
      }
      if (!this.buffers.admit(packet, ingress, egress)) {
        if (packet.kind === "data" && sim.plan.flowControl.trim && !this.isLossless) {
          sim.totals.trimmed += 1;
          if (!this.takesPlaceOfLast(packet, ingress, egress)) {
            egress.queue(trimmedPacket(sim.plan.wire, packet));
            return;
          }
          this.finish(packet, egress);
          return;
        }
        sim.totals.droppedCongestion += 1;
        sim.ports.droppedCongestion[ingress.number]! += 1;
        return;
      }
      this.buffers.pauseIfNeeded(ingress);
    }
    this.finish(packet, egress);
  }

  private finish(packet: Packet, egress: SwitchPort): void {
    if (packet.kind === "data" && this.sim.plan.ecn?.at === "enqueue") egress.mark(packet, egress.backlogPs());
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

  /** By chance, cuts the last data packet that waits and lets this one in, if that makes room. */
  private takesPlaceOfLast(packet: Packet, ingress: SwitchPort, egress: SwitchPort): boolean {
    const last = egress.waitingLast();
    if (this.sim.plan.flowControl.trimVictim !== "random" || last === undefined) return false;
    if (!(this.buffers instanceof TailDrop) || !this.buffers.fits(packet, egress, last.accountedBytes)) return false;
    if (egress.drawTrim() >= 2 ** 31) return false;
    this.buffers.release(last, ingress, egress);
    egress.removeLastData();
    egress.queue(trimmedPacket(this.sim.plan.wire, last));
    check(this.buffers.admit(packet, ingress, egress), "a packet fits where it was found to fit");
    return true;
  }

  release(packet: Packet, egress: SwitchPort): void {
    if (packet.trafficClass !== "data") return;
    this.buffers.release(packet, packet.ingress!, egress);
    packet.ingress!.freeCredit(packet);
  }
}

/** A port of a switch. */
export class SwitchPort extends Port {
  private readonly control = new Fifo<Packet>();
  private readonly data = new Fifo<Packet>();
  private queuedPs = 0;
  private readonly ecnDraws: Draws;
  /** The watchdog has found it paused for too long. */
  private storming = false;
  private peerPauses = false;
  private storm: Event | null = null;
  private restoration: Event | null = null;
  private readonly trimDraws: Draws;

  constructor(
    sim: Simulation,
    private readonly owner: Switch,
    private readonly switchNumber: number,
    spec: SwitchSpec,
    number: number,
  ) {
    super(sim, spec.device, number, spec.latencyPs);
    this.ecnDraws = new Draws(sim.plan.seed, Purpose.ecn, number);
    this.trimDraws = new Draws(sim.plan.seed, Purpose.trim, number);
  }

  /** Time until everything that waits here now would have left. */
  backlogPs(): number {
    return this.remainingPs() + this.queuedPs;
  }

  /** Data packets and pause frames that wait, and ACKs. */
  queuedPackets(): number {
    return this.frames.length + this.control.length + this.data.length;
  }

  queue(packet: Packet): void {
    this.append(packet);
    const { maxBacklogPs } = this.sim.ports;
    maxBacklogPs[this.number] = Math.max(maxBacklogPs[this.number]!, this.backlogPs());
  }

  /** The data packet that waits last, unless it is the next in turn. */
  waitingLast(): Packet | undefined {
    return this.data.length > 1 ? this.data.last() : undefined;
  }

  removeLastData(): void {
    this.queuedPs -= this.serializationPs(this.data.pop()!);
  }

  drawTrim(): number {
    return this.trimDraws.next32();
  }

  override freeCredit(packet: Packet): void {
    super.freeCredit(packet);
  }

  protected override queueFrame(packet: Packet): void {
    this.append(packet);
  }

  /** Decides whether the packet gets a congestion mark, and counts it. */
  mark(packet: Packet, backlogPs: number): void {
    const { ecn, fabric } = this.sim.plan;
    if (ecn === null) return;
    const linkClass = fabric.portClass[this.number]!;
    const kminPs = ecn.kminPs[linkClass]!;
    if (backlogPs <= kminPs) return;
    if (backlogPs <= ecn.kmaxPs[linkClass]!) {
      const draw = this.ecnDraws.next32() / 2 ** 32;
      if (draw >= (backlogPs - kminPs) * ecn.slope[linkClass]!) return;
    }
    packet.marked = true;
    this.sim.totals.ecnMarked += 1;
    this.sim.ports.ecnMarked[this.number]! += 1;
  }

  private append(packet: Packet): void {
    if (packet.trafficClass === "frame") this.frames.push(packet);
    else if (packet.trafficClass === "control") this.control.push(packet);
    else this.data.push(packet);
    this.queuedPs += this.serializationPs(packet);
    this.kick();
    this.watch();
  }

  isDiscarding(): boolean {
    return this.storming && this.sim.plan.flowControl.watchdog!.action === "drop";
  }

  /** Counts a packet that the watchdog drops. */
  discard(): void {
    this.sim.totals.droppedWatchdog += 1;
    this.sim.ports.droppedWatchdog[this.number]! += 1;
  }

  /** Starts the watchdog's clock where there is reason to. */
  private watch(): void {
    const { watchdog } = this.sim.plan.flowControl;
    if (watchdog === null || watchdog.guarded[this.switchNumber] !== 1) return;
    if (!this.paused || this.data.length === 0 || this.storm !== null) return;
    this.storm = this.atPauseTimer(this.sim.nowPs + watchdog.detectPs, 2, () => this.beginStorm());
  }

  private beginStorm(): void {
    const { sim } = this;
    this.storm = null;
    this.countPause(sim.nowPs);
    this.paused = false;
    this.storming = true;
    this.peerPauses = true;
    sim.totals.storms += 1;
    if (this.isDiscarding()) {
      for (let packet = this.data.shift(); packet !== undefined; packet = this.data.shift()) {
        this.queuedPs -= this.serializationPs(packet);
        this.discard();
        this.owner.release(packet, this);
      }
    }
    this.kick();
  }

  protected override pause(): void {
    if (!this.storming) {
      super.pause();
      this.watch();
      return;
    }
    this.peerPauses = true;
    if (this.restoration !== null) this.restoration.cancelled = true;
    this.startLapse();
  }

  protected override resume(): void {
    if (!this.storming) {
      if (this.storm !== null) this.storm.cancelled = true;
      this.storm = null;
      super.resume();
      return;
    }
    this.stopLapse();
    if (!this.peerPauses) return;
    this.peerPauses = false;
    const { restorePs } = this.sim.plan.flowControl.watchdog!;
    this.restoration = this.atPauseTimer(this.sim.nowPs + restorePs, 3, () => {
      this.storming = false;
    });
  }

  protected override takeNext(): Packet | undefined {
    const packet = this.frames.shift() ?? this.control.shift() ?? this.takeData();
    if (packet !== undefined) this.queuedPs -= this.serializationPs(packet);
    return packet;
  }

  private takeData(): Packet | undefined {
    const first = this.data.peek();
    if (first === undefined || this.holdsData || !this.hasCredit(first.accountedBytes)) return undefined;
    return this.data.shift();
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
    if (packet.kind === "data" && this.sim.plan.ecn?.at === "dequeue") this.mark(packet, this.queuedPs);
    if (packet.kind === "data") this.report(packet);
    if (this.sim.plan.flowControl.release === "start") this.owner.release(packet, this);
  }

  protected override ended(packet: Packet): void {
    if (this.sim.plan.flowControl.release === "end") this.owner.release(packet, this);
  }
}
