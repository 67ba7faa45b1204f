/** One run of the core: write the plan, advance, read the outcome. */

import type { Gauges } from "../../plan/gauges.js";
import { MAX_THREADS } from "../../plan/limits.js";
import type { PortLoads } from "../../plan/loads.js";
import type { Outcome } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { writeChanges } from "../core/changes.js";
import { writeControl } from "../core/congestion.js";
import type { CorePolicy } from "../core/core-policy.js";
import { writeCredit } from "../core/credit.js";
import { writeDetours } from "../core/detours.js";
import { CapacityError } from "../core/errors.js";
import { lowerMarks, raiseMarks, readGauges } from "../core/gauges.js";
import { headerOf } from "../core/header.js";
import { type CoreInstance, canShareMemory, instantiateCore } from "../core/instance.js";
import { Run, Status, Thread } from "../core/layout.js";
import { fitsLeanCore } from "../core/lean.js";
import { readLoads } from "../core/look.js";
import { writePauseClocks } from "../core/pause-clocks.js";
import { callLayout, type PolicyCost, readPolicyCost, readPolicyFailure, writeParameters } from "../core/policy.js";
import { digestOf, endOfRunPs, readDeliveryHash, readOutcome, sumOfThreads } from "../core/read.js";
import { writeReduction } from "../core/reduction.js";
import { REGIONS } from "../core/regions.js";
import { tellRestOfWaits } from "../core/rest-of-waits.js";
import { planSizes } from "../core/sizes.js";
import { StartImage } from "../core/start-image.js";
import { type HoldingPort, readHoldingPorts } from "../core/stuck.js";
import { Team } from "../core/team.js";
import { planTiming, type Timing } from "../core/timing.js";
import { drainRecords, hopsPerLook, readDelivery, startWatching, type Watch } from "../core/watch.js";
import { settledPs } from "../core/windows.js";
import { writeFabric } from "../core/write-fabric.js";
import { dataPackets, writeFlows } from "../core/write-flows.js";
import { writePrograms } from "../core/write-programs.js";
import { type Effort, FastForward, forgetAttempt, PROGRAM_EFFORT, USUAL_EFFORT } from "../fast-forward/fast-forward.js";
import { momentBytes } from "../fast-forward/moment.js";
import { whyNot } from "../fast-forward/support.js";
import { checkConservation } from "./conservation.js";
import type { CoreProgress, EngineFigures, Skipped } from "./figures.js";
import { guard } from "./guard.js";
import { checkImage, coreForImage, FLOWLETS, type FlowletRules, type RoutingRules, RULES } from "./image.js";

/** Depths of queues are compared modulo 2^32 quanta, which must last for seconds. */
const MIN_QUANTUM_SHIFT = 10;
const CHUNK_BYTES = 256;

export interface CoreOptions {
  /** Threads to begin with; more can join later. */
  readonly threads?: number;
  /**
   * What decides where the plan's routing is custom. One that is a function keeps the run to one
   * thread.
   */
  readonly policy?: CorePolicy;
  /**
   * False: simulates what repeats, too; it makes no difference to the outcome. Or how hard to look
   * for what repeats.
   */
  readonly fastForward?: boolean | Effort;
  /**
   * False: takes the full core where the lean one would do, too; it makes no difference to the
   * outcome.
   */
  readonly lean?: boolean;
  /**
   * Bytes that fast-forward may take for a copy of the state, beside linear memory; without limit
   * where left out.
   */
  readonly spareBytes?: number;
  /**
   * Each flow stands for `copies` flows in the digest. The first `copies` numbers of `flows` belong
   * to flow 0, the next to flow 1, and so on.
   */
  readonly images?: { readonly copies: number; readonly flows: Uint32Array };
  /** What it records for the critical path. It takes the full core then, and skips nothing. */
  readonly watch?: Watch;
  /** Counts what each QP sends again, for `gauges`. It takes the full core then. */
  readonly counts?: boolean;
  /** Most threads that it can have where it records; those to begin with where left out. */
  readonly mostThreads?: number;
}

/** A run in progress. `close` it: its threads would go on waiting. */
export class CoreRun {
  #status: number = Status.Running;
  #closed = false;
  /** The instant up to which nothing was left to do. */
  #reachedPs = 0;
  #team: Team | undefined;
  #threads = 1;
  #fastForward: FastForward | undefined;
  #off: string | undefined;
  #mostThreads = MAX_THREADS;
  /** The instant at which a window was cut last. */
  #cutPs = -1;
  #start: StartImage | undefined;
  private readonly watch: Watch | undefined;
  private readonly policy: CorePolicy | undefined;
  private readonly packets: number;

  private constructor(
    readonly plan: RunPlan,
    private readonly core: CoreInstance,
    private readonly timing: Timing,
    private readonly options: CoreOptions,
  ) {
    const { policy, watch, counts = false, fastForward = true, spareBytes = Number.POSITIVE_INFINITY } = options;
    this.policy = policy;
    this.watch = watch;
    this.packets = dataPackets(plan);
    this.#off =
      fastForward === false
        ? "it was switched off"
        : ((counts ? "telemetry looks at what it would skip" : undefined) ??
          whyWatched(watch) ??
          whyNot(plan) ??
          whyNoRoom(core, spareBytes));
    if (this.#off !== undefined) return;
    const usual = plan.programs === undefined ? USUAL_EFFORT : PROGRAM_EFFORT;
    this.#fastForward = new FastForward(core, fastForward === true ? usual : (fastForward as Effort));
  }

  /**
   * Lays a plan out in a fresh core.
   * @throws CapacityError where the plan exceeds what the core can represent or hold, PolicyError
   * where its policy cannot be loaded.
   */
  static async start(plan: RunPlan, options: CoreOptions = {}): Promise<CoreRun> {
    checkQuantum(plan);
    const timing = planTiming(plan);
    const sizes = planSizes(plan, timing);
    const core = await instantiateCore({
      lean: options.lean !== false && options.watch === undefined && options.counts !== true && fitsLeanCore(plan),
      shared: canShareMemory(),
      policy: options.policy,
    });
    for (const [name, value] of Object.entries(headerOf(plan, timing, sizes))) {
      core.memory.set(core.header, Run[name as keyof typeof Run], value);
    }
    guard(core, plan, () => core.exports.layOut());
    const at = core.header;
    const regions = Object.fromEntries(REGIONS.map((name) => [name, core.memory.get(at, Run[name])])) as Record<
      (typeof REGIONS)[number],
      number
    >;
    const hazardAt = writeFabric(core.memory, plan, timing, regions);
    writePauseClocks(core.memory, plan, regions.pauseClocks);
    writeFlows(core.memory, plan, sizes, regions);
    writeCredit(core.memory, plan, regions);
    writeReduction(core.memory, plan, regions);
    writeDetours(core.memory, plan, regions);
    writeControl(core.memory, plan, regions);
    if (plan.programs !== undefined) writePrograms(core, plan, plan.programs);
    writeChanges(core, plan, timing, hazardAt);
    bindPolicy(core, plan);
    guard(core, plan, () => core.exports.begin());
    if (options.images !== undefined) writeImages(core, plan, options.images);
    const run = new CoreRun(plan, core, timing, options);
    if (options.counts === true) guard(core, plan, () => core.exports.countResends());
    if (options.watch !== undefined) {
      run.#mostThreads = options.mostThreads ?? options.threads ?? 1;
      startWatching(core, plan, options.watch, run.#mostThreads);
    }
    await run.setThreads(options.threads ?? 1);
    return run;
  }

  /**
   * Continues a run from an image of its memory.
   * @param plan The plan of the run that the image is of. Its routing may differ: then it holds
   * from the next window on.
   * @throws CapacityError where the image is not of a run of this plan.
   */
  static async resume(plan: RunPlan, image: Uint8Array, options: CoreOptions = {}): Promise<CoreRun> {
    checkQuantum(plan);
    const timing = planTiming(plan);
    const core = await coreForImage(plan, image, options);
    const { memory, header } = core;
    new Uint8Array(memory.memory.buffer).set(image);
    const expected = headerOf(plan, timing, planSizes(plan, timing));
    checkImage(core, expected);
    guard(core, plan, () => core.exports.attach(0));
    forgetAttempt(core);
    if ([...RULES, ...FLOWLETS].some((name) => memory.get(header, Run[name]) !== expected[name])) {
      const rules = RULES.map((name) => expected[name]!) as RoutingRules;
      const flowlets = FLOWLETS.map((name) => expected[name]!) as FlowletRules;
      guard(core, plan, () => core.exports.setRouting(...rules));
      guard(core, plan, () => core.exports.setFlowlets(...flowlets));
    }
    bindPolicy(core, plan);
    memory.set(header, Run.activeThreads, 1);
    const run = new CoreRun(plan, core, timing, options);
    run.#status = memory.get(header, Run.status);
    await run.setThreads(options.threads ?? 1);
    return run;
  }

  /**
   * Keeps the state that the run begins in, for `again`. Before anything is simulated, of a run
   * of one thread without a custom policy.
   */
  keepStart(): void {
    this.#start = new StartImage(this.core);
  }

  get startBytes(): number {
    return this.#start?.bytes ?? 0;
  }

  /** This run from its start, in the same memory, once it has ended: this one is over then. */
  again(): CoreRun {
    if (this.#start === undefined || this.#status === Status.Running) {
      throw new Error("only a run that has kept its start, and has ended, can be simulated again");
    }
    this.#closed = true;
    const core = this.#start.restore(this.core);
    guard(core, this.plan, () => core.exports.attach(0));
    const run = new CoreRun(this.plan, core, this.timing, this.options);
    run.#start = this.#start;
    return run;
  }

  /**
   * The memory of the run between two windows: all of its state. The bytes are those that the run
   * goes on with, so use or copy them before it does.
   */
  image(): Uint8Array {
    while (this.core.memory.get(this.core.header, Run.awaited) !== 0) this.advance(0);
    return new Uint8Array(this.core.memory.memory.buffer);
  }

  /**
   * Starts as many more threads as it takes. Where memory cannot be shared, there is one. The
   * result does not depend on how many there are, nor on when they join: `advance` may be called
   * meanwhile.
   */
  async setThreads(count: number): Promise<void> {
    const isBound = this.policy?.kind === "function";
    const wanted = canShareMemory() && !isBound ? Math.min(Math.max(1, count), this.#mostThreads) : 1;
    if (wanted === this.#threads || this.#team !== undefined) return;
    const { memory, header } = this.core;
    const team = new Team(this.core, this.plan.fabric, wanted, this.policy);
    this.#team = team;
    await team.ready;
    if (this.#team !== team) return;
    this.#threads = wanted;
    memory.set(header, Run.activeThreads, wanted);
  }

  get threads(): number {
    return this.#threads;
  }

  /** Lets only the first thread work, or all again: small windows are not worth a barrier. */
  setSolo(solo: boolean): void {
    this.core.memory.set(this.core.header, Run.activeThreads, solo ? 1 : this.#threads);
  }

  /**
   * Simulates about `hops` more packet-hops, but nothing after the window in which `untilPs` falls.
   * @returns "ended" when the run has ended, "reached" when there is nothing left to do until then
   * @throws CoreTrapError, CapacityError, PolicyError
   */
  advanceUntil(hops: number, untilPs: number): "running" | "reached" | "ended" {
    if (this.watch === undefined || this.watch.kind === "deliveries") return this.#advance(hops, untilPs);
    const most = hopsPerLook(this.watch);
    for (let left = hops; ; left -= most) {
      const state = this.#advance(Math.min(left, most), untilPs);
      drainRecords(this.core, this.watch.onRecord);
      if (state !== "running" || left <= most) return state;
    }
  }

  /**
   * As `advanceUntil`, but exactly up to an instant that lies ahead: a window is cut to end there.
   * For runs without fast-forward.
   * @param atPs all that happens before it is simulated, and nothing else, where "reached" is
   *   returned; a QP that may fail just then can make it a window later
   */
  advanceTo(hops: number, atPs: number): "running" | "reached" | "ended" {
    if (this.#cutPs !== atPs) {
      const beforePs = atPs - this.timing.windowPs;
      const state = this.advanceUntil(hops, beforePs);
      if (state !== "reached") return state;
      if (settledPs(this.core) < atPs) guard(this.core, this.plan, () => this.core.exports.regrid(atPs));
      this.#cutPs = atPs;
    }
    return this.advanceUntil(hops, atPs - 1);
  }

  #advance(hops: number, untilPs: number): "running" | "reached" | "ended" {
    let reached = false;
    if (this.#closed) throw new Error("the run is closed");
    if (this.#status !== Status.Running) return "ended";
    const advance = () => {
      const status = (this.#fastForward ?? this.core.exports).advance(hops, untilPs);
      reached = status === Status.Reached;
      if (!reached) this.#status = status;
    };
    guard(this.core, this.plan, advance, this.policy?.name);
    if (this.core.memory.get(this.core.header, Run.status) === Status.PolicyFailed) {
      throw readPolicyFailure(this.core, this.plan, this.policy?.name ?? "custom");
    }
    if (this.#team?.failure !== undefined) throw this.#team.failure;
    if (reached) {
      this.#reachedPs = untilPs;
      return "reached";
    }
    return this.#status === Status.Running ? "running" : "ended";
  }

  /** Simulates about `hops` more packet-hops. Returns false when the run has ended. */
  advance(hops: number): boolean {
    return this.advanceUntil(hops, Number.POSITIVE_INFINITY) === "running";
  }

  /** Ends the run's threads. What is in memory can still be read. */
  async close(): Promise<void> {
    const team = this.#team;
    this.#closed = true;
    this.#team = undefined;
    await team?.end();
  }

  progress(): CoreProgress {
    const { memory, header } = this.core;
    const hops = sumOfThreads(this.core, Thread.hops);
    const skippedHops = memory.get(header, Run.skippedHops);
    const deliveredPackets = sumOfThreads(this.core, Thread.dataDelivered);
    return {
      nowPs: memory.get(header, Run.nowPs),
      settledPs: settledPs(this.core),
      packetHops: hops,
      skippedHops,
      work: { deliveredPackets, packets: this.packets, hops, simulatedHops: hops - skippedHops },
    };
  }

  /**
   * What happened so far; `cancelled` when the run has not ended.
   * @throws CoreTrapError when packets got lost in the books of a run that came to rest.
   */
  outcome(): Outcome {
    const outcome = readOutcome(this.core, this.plan, this.#status);
    // A NIC that stalls for ever keeps what it holds.
    if (this.isAtRest && this.plan.stalls.length === 0 && outcome.status === "finished") {
      checkConservation(outcome, () => this.holdingPorts().reduce((sum, { queuedPackets }) => sum + queuedPackets, 0));
    }
    return outcome;
  }

  /** Hash over every delivery and every counter, 16 hex digits. */
  digest(outcome: Outcome): string {
    return digestOf(this.deliveryHash(), outcome);
  }

  /** The digest's part that is a sum over deliveries. */
  deliveryHash(): bigint {
    return readDeliveryHash(this.core);
  }

  /** Whether the run has ended because nothing was left to happen. */
  get isAtRest(): boolean {
    return this.#status === Status.Quiet;
  }

  /**
   * When a chunk was delivered, counted over all flows, and by which packet. Of a run that watches
   * deliveries.
   */
  delivery(place: number): { readonly timePs: number; readonly packet: number } {
    return readDelivery(this.core, place);
  }

  /** All before this instant is simulated, nothing from it on. */
  get nowPs(): number {
    return Math.max(settledPs(this.core), this.#reachedPs);
  }

  /** What all ports do at this instant. */
  loads(): PortLoads {
    return readLoads(this.core, this.plan, this.nowPs);
  }

  /**
   * What telemetry tells of all ports and queue pairs.
   * @param nowPs the instant at which the run stands, or its end
   */
  gauges(nowPs: number): Gauges {
    return readGauges(this.core, this.plan, nowPs);
  }

  /**
   * Begins an interval of which `gauges` tells the largest backlogs.
   * @param most by port, in ps: the largest before it, raised to those of the last one
   */
  lowerMarks(most: Float64Array): void {
    lowerMarks(this.core, this.plan, most);
  }

  /** Ends such intervals: the outcome tells the largest backlogs of all of the run again. */
  raiseMarks(most: Float64Array): void {
    raiseMarks(this.core, most);
  }

  /** Ports that hold packets; for the diagnosis of a run that could not finish. */
  holdingPorts(): HoldingPort[] {
    return readHoldingPorts(this.core, this.plan);
  }

  /**
   * Of a run that watches waits, when it has ended: tells who waits at ports that are still held.
   * @returns the instant up to which such waits count
   */
  tellRestOfWaits(outcome: Outcome): number {
    const untilPs = endOfRunPs(this.core, this.plan, outcome.status, outcome.endPs);
    if (this.watch?.kind === "waits") tellRestOfWaits(this.core, this.plan, untilPs, this.watch.onRecord);
    return untilPs;
  }

  /** What a policy that is JavaScript has cost; undefined where there is none. */
  policyCost(): PolicyCost | undefined {
    return this.core.host === undefined || this.plan.routing.custom === undefined
      ? undefined
      : readPolicyCost(this.core);
  }

  /** What was skipped, by those the run was resumed from too. */
  skipped(): Skipped {
    const { memory, header } = this.core;
    return {
      cycles: memory.get(header, Run.jumps),
      skippedPs: memory.get(header, Run.skippedPs),
      skippedHops: memory.get(header, Run.skippedHops),
      ...(this.#off === undefined ? {} : { off: this.#off }),
    };
  }

  figures(): EngineFigures {
    const { memory, header } = this.core;
    return {
      windows: memory.get(header, Run.windows),
      fastSteps: sumOfThreads(this.core, Thread.fastSteps),
      exactSteps: sumOfThreads(this.core, Thread.exactSteps),
      threads: this.#threads,
      memoryBytes: memory.memory.buffer.byteLength,
      keptBytes: this.#fastForward?.keptBytes ?? 0,
      packetPoolBytes: memory.get(header, Run.chunksTaken) * CHUNK_BYTES,
      windowPs: this.timing.windowPs,
    };
  }
}

/** Why nothing is skipped that is recorded; undefined where nothing is. */
function whyWatched(watch: Watch | undefined): string | undefined {
  if (watch === undefined) return undefined;
  if (watch.kind === "ports") return "links are watched through what it would skip";
  const what = watch.kind === "waits" ? "pauses are traced through" : "the critical path and the trace are made of";
  return `${what} what it would skip`;
}

/** Why no state can be kept; undefined where there is room for it. */
function whyNoRoom(core: CoreInstance, spareBytes: number): string | undefined {
  const bytes = momentBytes(core);
  if (bytes <= spareBytes) return undefined;
  return `it keeps a copy of the state, ${Math.ceil(bytes / 2 ** 20)} MiB, for which the memory limit leaves no room`;
}

/** Gives a custom policy its parameters, and tells one outside of the core where to look. */
function bindPolicy(core: CoreInstance, { routing }: RunPlan): void {
  if (routing.custom === undefined) return;
  writeParameters(core, routing);
  core.host?.bind(callLayout(core), core.exports.fillDepths);
}

function writeImages(core: CoreInstance, plan: RunPlan, { copies, flows }: NonNullable<CoreOptions["images"]>): void {
  let at = 0;
  guard(core, plan, () => {
    at = core.exports.imagesOf(copies) >>> 0;
  });
  new Uint32Array(core.memory.memory.buffer).set(flows, at >>> 2);
}

function checkQuantum(plan: RunPlan): void {
  if (plan.routing.quantumShift >= MIN_QUANTUM_SHIFT) return;
  throw new CapacityError(
    "the quantum of adaptive routing is too fine: use at least the bytes that a link carries in 1 ns",
  );
}
