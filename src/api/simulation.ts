import { buildResult, withSpeeds } from "../answer/result/build.js";
import type { PolicyCost, ResultDocument } from "../answer/result/document.js";
import { simulatedPs } from "../answer/result/span.js";
import type { CorePolicy } from "../engine/core/core-policy.js";
import { coreDigest } from "../engine/core/instance.js";
import type { MemoryEstimate } from "../engine/estimate/index.js";
import { checkMemorySteps } from "../engine/estimate/limit.js";
import { digestOf, type PolicySource, resolvePolicy } from "../engine/policy/source.js";
import { type Engine, FoldedRun } from "../engine/run/folded-run.js";
import { CoreRun } from "../engine/run/run.js";
import { checkFoldsSteps } from "../engine/run/run-memory.js";
import { type Symmetry, symmetriesOf } from "../engine/symmetry/symmetry.js";
import type { RunPlan } from "../plan/plan.js";
import { ROUTING } from "../plan/policies/routing.js";
import { PolicyError } from "../plan/policy-error.js";
import { withPlaces } from "../resolve/places.js";
import { type ResolvedRun, resolvePlan } from "../resolve/resolve.js";
import { canonicalJson, scenarioDigest } from "../scenario/parse/digest.js";
import { documentOf, parseScenario, withPolicyDigest } from "../scenario/parse/parse.js";
import type { ScenarioDocument } from "../scenario/schema/sections.js";
import { ScenarioError } from "../scenario/types/errors.js";
import { isScenario } from "../scenario/types/is-scenario.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { type Phase, type Progress, ProgressMeter } from "../util/progress.js";
import { VERSION } from "../util/version.js";

export interface SimulationOptions {
  /** Threads from the start; with `replicate`, once there is enough to do. Where memory cannot be shared there is one. The result is the same with any number. */
  readonly threads?: number;
  /** Instead of `threads`: begin with one, and let up to so many join when the run turns out to be long enough to be worth it. */
  readonly upToThreads?: number;
  /** False: simulates what is sure to repeat, too, instead of skipping it. The result is the same, but for how it was come by. */
  readonly fastForward?: boolean;
  /**
   * Simulates parts of the run that are sure to be alike only once. The result is the same, but for how it was come by; such a simulation can be stopped
   * and looked at, but neither forked nor kept. Not with `fastForward: false`.
   */
  readonly replicate?: boolean;
  /** Bytes that the run may take; one that would take more is refused before it starts. */
  readonly memoryLimitBytes?: number;
  /** What decides where the scenario's routing is `custom`. A function keeps the run to one thread; a module runs in every thread. */
  readonly policy?: PolicySource;
  /** Told before the run starts. */
  readonly onEstimate?: (memory: MemoryEstimate) => void;
  /** Ends the laying out of the run early, between two of its steps: `start` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told what is done next, before the run starts. */
  readonly onPhase?: (phase: Phase) => void;
}

export interface RunOptions {
  /** Called a few times a second, and at the end. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * Breaks the run off between two calls of the core, each about 100 ms long; it can go on later. Nothing in the same thread can break off
   * a call that does not return, e.g. of a custom policy that loops: what must be ended in any case belongs into a worker (`RunPool`).
   */
  readonly signal?: AbortSignal;
  /** Stop at this simulated time. */
  readonly untilNs?: number;
  /** Stop after about so much wall-clock time, in ms. */
  readonly forMs?: number;
}

/** What a simulation can be continued from: plain data, and the bytes of the core's memory. */
export interface Snapshot {
  readonly description: {
    readonly heddleVersion: string;
    /** Digest of the core whose memory this is; no other core can continue from it. */
    readonly coreDigest: string;
    /** The scenario as plain data. */
    readonly scenario: unknown;
    readonly scenarioDigest: string;
    readonly simulatedNs: number;
    readonly wallMs: number;
    /** Time spent simulating alone; left out: all of it. */
    readonly runMs?: number;
    readonly [more: string]: unknown;
  };
  /** Belongs to the simulation, which changes it when it goes on: copy or write it before that. */
  readonly memory: Uint8Array;
}

/** A simulation or a snapshot that this version of heddle cannot continue from elsewhere. */
export class ResumeError extends Error {
  override readonly name = "ResumeError";
}

/** Packet-hops between two looks at the clock: a fraction of a second's work. */
const HOPS_PER_CALL = 500_000;
/** Where JavaScript decides, which may take as long as it likes, calls begin short, and the clock says how long they may become. */
const FIRST_HOPS_OF_POLICY = 1000;
const LONGEST_CALL_MS = 100;
const PROGRESS_EVERY_MS = 200;
/** A run that is not through by then is worth more threads. */
const SHORT_RUN_MS = 200;
/** With fewer packet-hops than this per window, waiting for each other costs more than the help of another thread brings. */
const HOPS_WORTH_SHARING = 400;

/**
 * A simulation that can be stopped, looked at, forked, kept and continued. Call `close` at the end: its threads would go on waiting.
 * Simulations are independent of each other.
 */
export class Simulation {
  /** Time spent in all, and on simulating alone; in earlier processes too. */
  #wallMs = 0;
  #runMs = 0;
  #hopsPerCall = FIRST_HOPS_OF_POLICY;
  #meter = new ProgressMeter({ runMs: 0, simulatedHops: 0 });
  #ended = false;
  #recruited = false;
  /** Why copies of what is alike had to be simulated after all. */
  #unlike: string | undefined;

  private constructor(
    readonly scenario: Scenario,
    private readonly resolved: ResolvedRun,
    private core: Engine,
    /** Ways to simulate less that are left. */
    private readonly ways: Ways,
    private readonly options: SimulationOptions,
    private readonly policy: CorePolicy | undefined,
    private readonly digestOfCore: string,
  ) {}

  /**
   * Builds a scenario and lays it out in memory; nothing is simulated yet.
   * @param input A parsed scenario, or plain data as it would stand in a file.
   * @throws ScenarioError where the input is wrong, PlanError or CapacityError where it cannot be built or does not fit, PolicyError where its
   *   custom routing policy is missing or cannot be loaded.
   */
  static async start(input: Scenario | ScenarioDocument, options: SimulationOptions = {}): Promise<Simulation> {
    const startedMs = performance.now();
    const { replicate = false, fastForward = true, signal } = options;
    const pause = pausesFor(signal);
    const parsed = isScenario(input) ? input : parseScenario(input).scenario;
    const { scenario, policy } = await decideRouting(parsed, options);
    await pause();
    const resolved = resolvePlan(scenario, options.onPhase);
    await pause();
    const ways = (replicate && fastForward ? symmetriesOf(resolved.plan) : [])[Symbol.iterator]();
    const core = await nextEngine(resolved.plan, ways, options, policy, pause).catch((cause: unknown) => {
      throw withPlaces(scenario, cause);
    });
    const simulation = new Simulation(scenario, resolved, core, ways, options, policy, await digestOfCoreOf(policy));
    simulation.#wallMs = performance.now() - startedMs;
    return simulation;
  }

  /**
   * Continues from a snapshot, as if the simulation had never stopped.
   * @throws ResumeError where another version or core made the snapshot.
   */
  static async resume({ description, memory }: Snapshot, options: SimulationOptions = {}): Promise<Simulation> {
    const { heddleVersion, scenario: document, wallMs, runMs = wallMs } = description;
    const { scenario, policy } = await decideRouting(parseScenario(document).scenario, options);
    const digestOfCore = await digestOfCoreOf(policy);
    if (description.coreDigest !== digestOfCore) {
      const compiled = policy?.kind === "compiled" ? ", or with another routing policy" : "";
      throw new ResumeError(
        `the snapshot was made by another build (heddle ${heddleVersion})${compiled}; resume it with that one`,
      );
    }
    if (scenarioDigest(scenario) !== description.scenarioDigest) {
      throw new ResumeError(
        policy === undefined
          ? `the snapshot's scenario means something else to this version (heddle ${VERSION})`
          : `the snapshot was made with another routing policy than ${policy.name}`,
      );
    }
    return Simulation.#continue(scenario, memory, { wallMs, runMs }, options, policy, digestOfCore);
  }

  static async #continue(
    scenario: Scenario,
    memory: Uint8Array,
    spent: { readonly wallMs: number; readonly runMs: number },
    options: SimulationOptions,
    policy: CorePolicy | undefined,
    digestOfCore: string,
  ): Promise<Simulation> {
    const startedMs = performance.now();
    const resolved = resolvePlan(scenario, options.onPhase);
    options.onPhase?.("laying-out");
    const core = await CoreRun.resume(resolved.plan, memory, coreOptions(options, policy, memory.length));
    const simulation = new Simulation(scenario, resolved, core, NO_WAYS, options, policy, digestOfCore);
    simulation.#runMs = spent.runMs;
    simulation.#meter = new ProgressMeter({ runMs: spent.runMs, simulatedHops: core.progress().work.simulatedHops });
    simulation.#wallMs = spent.wallMs + performance.now() - startedMs;
    return simulation;
  }

  /** True when there is nothing left to simulate. */
  get ended(): boolean {
    return this.#ended;
  }

  progress(): Progress {
    const { nowPs: clockPs, packetHops, skippedHops, work } = this.core.progress();
    const nowPs = this.#ended ? simulatedPs(this.resolved.plan, this.core.outcome(), clockPs) : clockPs;
    return {
      phase: "simulating",
      simulatedNs: nowPs / 1000,
      ...this.#meter.read(work, this.#runMs),
      packetHops,
      skippedPacketHops: skippedHops,
      wallMs: this.#wallMs,
    };
  }

  /**
   * Simulates to the end, or until one of the options says to stop. May be called again to go on.
   * @throws CoreTrapError on a fault of the core, PolicyError where a custom routing policy fails.
   */
  async run({ onProgress, signal, untilNs, forMs }: RunOptions = {}): Promise<void> {
    const untilPs = untilNs === undefined ? Number.POSITIVE_INFINITY : untilNs * 1000;
    const startedMs = performance.now();
    const wallBefore = this.#wallMs;
    let [runBefore, runStartedMs] = [this.#runMs, startedMs];
    let reportedMs = startedMs;
    while (!this.#ended && signal?.aborted !== true) {
      const before = this.core.figures().windows;
      const hopsBefore = simulatedHops(this.core);
      const calledMs = performance.now();
      const isTimed = this.policy !== undefined && this.policy.kind !== "compiled";
      const state = this.core.advanceUntil(isTimed ? this.#hopsPerCall : HOPS_PER_CALL, untilPs);
      if (this.core instanceof FoldedRun && this.core.broken !== undefined) {
        await this.#startOver(this.core.broken);
        [runBefore, runStartedMs] = [0, performance.now()];
        continue;
      }
      this.#ended = state === "ended";
      const nowMs = performance.now();
      this.#hopsPerCall = nextHops(this.#hopsPerCall, nowMs - calledMs);
      this.#wallMs = wallBefore + nowMs - startedMs;
      this.#runMs = runBefore + nowMs - runStartedMs;
      if (state !== "running" || nowMs - startedMs >= (forMs ?? Number.POSITIVE_INFINITY)) break;
      const windows = Math.max(1, this.core.figures().windows - before);
      this.#adapt((simulatedHops(this.core) - hopsBefore) / windows);
      if (nowMs - reportedMs < PROGRESS_EVERY_MS) continue;
      reportedMs = nowMs;
      onProgress?.(this.progress());
      await breathe();
    }
    onProgress?.(this.progress());
  }

  /** Something has happened that does not happen to all parts alike: simulates more of them, from the beginning. */
  async #startOver(why: string): Promise<void> {
    await this.core.close();
    this.core = await nextEngine(this.resolved.plan, this.ways, this.options, this.policy, pausesFor(undefined));
    this.#recruited = false;
    this.#meter.startOver();
    if (this.core instanceof CoreRun) this.#unlike = why;
  }

  /** Lets more threads join a long run, and sends them to rest where windows are small. */
  #adapt(hopsPerWindow: number): void {
    const { upToThreads = 1, threads } = this.options;
    // Of copies one is left, for which the threads that were asked for may be too many.
    const most = this.core instanceof FoldedRun ? (threads ?? upToThreads) : threads === undefined ? upToThreads : 1;
    if (most <= 1) return;
    if (this.core.threads > 1) {
      this.core.setSolo(hopsPerWindow < HOPS_WORTH_SHARING);
    } else if (!this.#recruited && this.#runMs > SHORT_RUN_MS && hopsPerWindow >= HOPS_WORTH_SHARING) {
      this.#recruited = true;
      // Where workers cannot be started, the run goes on without.
      this.core.setThreads(most).catch(() => {});
    }
  }

  /**
   * A second simulation that goes on from this instant by itself. Both may be run on, in any order.
   * @param set Overrides as for `parseScenario`, of `routing` only, e.g. `["routing.policy=adaptive"]`: in force for packets that
   *   reach a switch's queues from now on.
   * @param options Those of this simulation where none are given. To `custom` with a policy that is a function or module, not with a compiled one.
   * @throws ScenarioError where an override is wrong or changes more than the routing, PolicyError where its custom policy cannot be had.
   */
  async fork(set: readonly string[] = [], options: SimulationOptions = this.options): Promise<Simulation> {
    const document = this.#document();
    const parsed = set.length === 0 ? this.scenario : parseScenario(document, { set }).scenario;
    // A policy that is not needed any more may be among the options.
    const { policy: source, ...others } = options;
    const isCustom = parsed.routing.custom !== undefined;
    const { scenario, policy } = await decideRouting(parsed, isCustom && source ? options : others);
    const core = policy ?? (this.policy?.kind === "compiled" ? this.policy : undefined);
    if (policy?.kind === "compiled" || (this.policy?.kind === "compiled" && policy !== undefined)) {
      if ((await digestOfCoreOf(policy)) !== this.digestOfCore) {
        throw new PolicyError(
          `a fork goes on in its core, and ${policy.name} is of another: begin a simulation with it`,
          policy.name,
        );
      }
    }
    const rest = ({ routing: _, ...kept }: Scenario) => canonicalJson(kept);
    if (rest(scenario) !== rest(this.scenario)) {
      throw new ScenarioError([
        { message: "a fork can change the routing only, and nothing that depends on it", path: "" },
      ]);
    }
    const isFixed = [scenario, this.scenario].some(({ routing }) => ROUTING[routing.policy].fork !== true);
    if (isFixed && canonicalJson(scenario.routing) !== canonicalJson(this.scenario.routing)) {
      throw new ScenarioError([
        {
          message:
            "a fork cannot change to or from a routing that senders take part in, or by which switches tell each other of queues",
          path: "routing.policy",
        },
      ]);
    }
    const spent = { wallMs: this.#wallMs, runMs: this.#runMs };
    return Simulation.#continue(scenario, this.#image(), spent, options, core, this.digestOfCore);
  }

  /** All that it takes to go on later, or elsewhere. */
  snapshot(): Snapshot {
    const memory = this.#image();
    return {
      description: {
        heddleVersion: VERSION,
        coreDigest: this.digestOfCore,
        scenario: this.#document(),
        scenarioDigest: scenarioDigest(this.scenario),
        simulatedNs: this.progress().simulatedNs,
        wallMs: this.#wallMs,
        runMs: this.#runMs,
      },
      memory,
    };
  }

  #image(): Uint8Array {
    if (this.core instanceof CoreRun) return this.core.image();
    throw new ResumeError(
      "of what is alike only one was simulated, which cannot be gone on from; start the simulation without `replicate`",
    );
  }

  #document(): unknown {
    const document = documentOf(this.scenario);
    if (document !== undefined) return document;
    throw new ResumeError("only a scenario that parseScenario returned can be forked or kept");
  }

  /**
   * What is known now; its `status` is `cancelled` when the run has not ended.
   * @param withFlows List every flow, for collectives too.
   */
  result({ withFlows }: { withFlows?: boolean } = {}): ResultDocument {
    const { scenario, core, resolved } = this;
    const startedMs = performance.now();
    const outcome = core.outcome();
    const figures = core.figures();
    const { hops } = outcome.totals;
    const { nowPs } = core.progress();
    const skipped = core.skipped();
    const document = buildResult({
      heddleVersion: VERSION,
      scenario,
      scenarioDigest: scenarioDigest(scenario),
      scenarioDocument: documentOf(scenario),
      plan: resolved.plan,
      outcome,
      counts: resolved.counts,
      logicalFlows: resolved.logical.ofFlow,
      jobFlows: resolved.jobFlows,
      ...(withFlows === undefined ? {} : { withFlows }),
      ...(scenario.routing.custom && this.policy ? { policyName: this.policy.name } : {}),
      ...(outcome.status === "finished" ? {} : { stuckPorts: core.holdingPorts() }),
      engine: withSpeeds({
        wallMs: this.#wallMs,
        runMs: this.#runMs,
        packetHops: hops,
        windows: figures.windows,
        threads: figures.threads,
        peakMemoryBytes: figures.memoryBytes + figures.keptBytes,
        simulatedNs: simulatedPs(resolved.plan, outcome, nowPs) / 1000,
        ...this.#policyCost(),
        fastForward: {
          cycles: skipped.cycles,
          skippedNs: skipped.skippedPs / 1000,
          skippedPacketHops: skipped.skippedHops,
          replicas: core instanceof FoldedRun ? core.replicas : 0,
          ...offOf(skipped.off, this.#unlike),
        },
        digest: core.digest(outcome),
      }),
    });
    // Summing up takes its time as well.
    const wallMs = this.#wallMs + performance.now() - startedMs;
    return { ...document, engine: withSpeeds({ ...document.engine, wallMs }) };
  }

  #policyCost(): { policy?: PolicyCost } {
    const cost = this.core.policyCost();
    if (cost === undefined) return {};
    const spentNs = this.#wallMs * 1e6 * this.core.threads;
    return { policy: { ...cost, shareOfRun: spentNs > 0 ? Math.min(1, (cost.calls * cost.nsPerCall) / spentNs) : 0 } };
  }

  /** Ends the simulation's threads. What is known can still be read. */
  async close(): Promise<void> {
    await this.core.close();
  }
}

/**
 * What decides in this run, and the scenario with its content in its digest.
 * @throws PolicyError where that and the scenario's routing do not go together.
 */
async function decideRouting(scenario: Scenario, { policy: source, threads = 1 }: SimulationOptions) {
  const { custom, policy: name } = scenario.routing;
  if (source === undefined) {
    if (custom === undefined) return { scenario };
    const module = custom.module ?? "custom";
    throw new PolicyError("custom routing needs its policy: pass one, simulate(scenario, { policy })", module);
  }
  const { policy, digest } = await resolvePolicy(source);
  if (custom === undefined) {
    throw new PolicyError(
      `there is a policy, ${policy.name}, but the routing is ${name}; set routing.policy=custom`,
      name,
    );
  }
  if (policy.kind === "function" && threads > 1) {
    throw new PolicyError(
      `the policy ${policy.name} is a function, which cannot be given to other threads; pass a module, { url }, or leave threads out`,
      policy.name,
    );
  }
  return { scenario: withPolicyDigest(scenario, digest), policy };
}

/** Of the core that such a policy runs in. */
function digestOfCoreOf(policy: CorePolicy | undefined): Promise<string> {
  return policy?.kind === "compiled" ? Promise.resolve(digestOf(policy.shared)) : coreDigest();
}

/** Ways to simulate less of a run. */
type Ways = Iterator<Symmetry>;

const NO_WAYS: Ways = [][Symbol.iterator]();

/**
 * Lays out a run, the next way of simulating less of it or, when none is left, the run as it is.
 * @throws CapacityError where it does not fit
 */
async function nextEngine(
  plan: RunPlan,
  ways: Ways,
  options: SimulationOptions,
  policy: CorePolicy | undefined,
  pause: () => Promise<void>,
) {
  const threads = options.threads ?? options.upToThreads ?? 1;
  options.onPhase?.("folding");
  const way = policy === undefined ? ways.next() : { done: true as const };
  await pause();
  options.onPhase?.("estimating");
  if (way.done !== true) {
    const memory = await inSteps(checkFoldsSteps(way.value, options.memoryLimitBytes, threads), pause);
    options.onEstimate?.(memory);
    options.onPhase?.("laying-out");
    await pause();
    return FoldedRun.start(way.value, { spareBytes: spareBytes(options, takenBytes(memory)) });
  }
  const memory = await inSteps(checkMemorySteps(plan, options.memoryLimitBytes, threads), pause);
  options.onEstimate?.(memory);
  options.onPhase?.("laying-out");
  await pause();
  return CoreRun.start(plan, coreOptions(options, policy, takenBytes(memory)));
}

/** What work in steps comes to, with a pause between them. */
async function inSteps<T>(steps: Generator<void, T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await pause();
  }
}

/** Why nothing repeats in time, and why copies were simulated. */
function offOf(cycles: string | undefined, unlike: string | undefined): { off?: string } {
  const reasons = [cycles, unlike && `what seemed alike was not: ${unlike}`].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? {} : { off: reasons.join("; ") };
}

/** @param takenBytes What is taken of the memory limit without a copy of the state. */
function coreOptions(options: SimulationOptions, policy: CorePolicy | undefined, takenBytes: number) {
  const { threads = 1, fastForward = true } = options;
  return { threads, fastForward, spareBytes: spareBytes(options, takenBytes), ...(policy && { policy }) };
}

/** What the memory limit leaves for copies of the state. */
function spareBytes({ memoryLimitBytes = Number.POSITIVE_INFINITY }: SimulationOptions, takenBytes: number): number {
  return memoryLimitBytes - takenBytes;
}

/** What a run may take that was estimated. */
function takenBytes({ totalBytes, packetBytes }: MemoryEstimate): number {
  return totalBytes + 2 * packetBytes;
}

/** Packet-hops, those that were skipped left out. */
function simulatedHops(core: Engine): number {
  const { packetHops, skippedHops } = core.progress();
  return packetHops - skippedHops;
}

/** Hops of the next call: fewer after a call that took too long, more after quick ones. It makes no difference to the outcome. */
function nextHops(hops: number, callMs: number): number {
  if (callMs > LONGEST_CALL_MS) return Math.max(1, Math.floor((hops * LONGEST_CALL_MS) / callMs));
  return callMs < LONGEST_CALL_MS / 4 ? Math.min(HOPS_PER_CALL, 2 * hops) : hops;
}

/** Work without a pause for so long is noticed: by a page, by who waits for a signal. */
const BREATHLESS_MS = 20;

/** What to call between steps: lets others have their turn now and then, and throws once the signal has come. */
function pausesFor(signal: AbortSignal | undefined): () => Promise<void> {
  let lastMs = performance.now();
  return async () => {
    if (performance.now() - lastMs > BREATHLESS_MS) {
      await breathe();
      lastMs = performance.now();
    }
    signal?.throwIfAborted();
  };
}

/** Lets timers, signals and the page have their turn. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
