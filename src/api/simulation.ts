import { viewPlan } from "../answer/ideal/view.js";
import { allLinks, type LinkRow } from "../answer/result/all-links.js";
import { withSpeeds } from "../answer/result/build.js";
import type { ResultDocument } from "../answer/result/document.js";
import { observedPs } from "../answer/result/span.js";
import { type FabricView, fabricView, type LinkLoads, linkLoads } from "../answer/topology/fabric-view.js";
import type { Trace } from "../answer/trace/trace.js";
import type { CorePolicy } from "../engine/core/core-policy.js";
import { CoreRun } from "../engine/run/run.js";
import { symmetriesOf } from "../engine/symmetry/symmetry.js";
import type { Outcome, Totals } from "../plan/outcome.js";
import type { RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";
import { withPlaces } from "../resolve/places.js";
import { type ResolvedRun, resolvePlan } from "../resolve/resolve.js";
import { scenarioDigest } from "../scenario/parse/digest.js";
import { documentOf, parseScenario } from "../scenario/parse/parse.js";
import type { ScenarioDocument } from "../scenario/schema/sections.js";
import { isScenario } from "../scenario/types/is-scenario.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { isFromFile } from "../scenario/types/workload-kinds.js";
import type { Progress } from "../util/progress.js";
import { VERSION } from "../util/version.js";
import { type Additions, haveDoneTheSame, withAdditions } from "./additions.js";
import { captureOf, type Recording } from "./capture.js";
import { checkExplainable, PathOfRun } from "./critical-path.js";
import { decideRouting, digestOfCoreOf } from "./decide-routing.js";
import { ResumeError } from "./errors.js";
import { decideFork } from "./fork-rules.js";
import { coreOptions, NO_WAYS, nextEngine } from "./next-engine.js";
import type { RunOptions, SimulationOptions, Snapshot } from "./options.js";
import { pausesFor } from "./pauses.js";
import { type FlowRecords, flowRecords } from "./records.js";
import { RunLoop, type Spent } from "./run-loop.js";
import { summarise } from "./summary.js";
import { Telemetry } from "./telemetry.js";
import { traceOfRun, withTrace } from "./trace.js";
import { WaitTracing } from "./wait-trees.js";

/** What stays the same through a simulation's life. */
interface Settings {
  readonly scenario: Scenario;
  readonly options: SimulationOptions;
  readonly policy: CorePolicy | undefined;
  readonly digestOfCore: string;
}

interface Parts extends Settings {
  readonly resolved: ResolvedRun;
  readonly loop: RunLoop;
  readonly path?: PathOfRun | undefined;
  readonly tracing?: WaitTracing | undefined;
}

let internals: (simulation: Simulation) => { readonly plan: RunPlan; readonly outcome: Outcome };

/** The plan of a simulation, and what its parts have counted so far: for heddle's own use. */
export function internalsOf(simulation: Simulation): { readonly plan: RunPlan; readonly outcome: Outcome } {
  return internals(simulation);
}

/**
 * A simulation that can be stopped, looked at, forked, kept and continued. Call `close` at the end:
 * its threads would go on waiting. Simulations are independent of each other.
 */
export class Simulation {
  static {
    internals = (simulation) => ({
      plan: simulation.#resolved.plan,
      outcome: simulation.#loop.engine.outcome(),
    });
  }

  #parts: Parts;
  #view: ReturnType<typeof fabricView> | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** What is simulated. It changes where something is added. */
  get scenario(): Scenario {
    return this.#parts.scenario;
  }

  get #resolved(): ResolvedRun {
    return this.#parts.resolved;
  }

  get #loop(): RunLoop {
    return this.#parts.loop;
  }

  get #options(): SimulationOptions {
    return this.#parts.options;
  }

  get #policy(): CorePolicy | undefined {
    return this.#parts.policy;
  }

  get #digestOfCore(): string {
    return this.#parts.digestOfCore;
  }

  get #path(): PathOfRun | undefined {
    return this.#parts.path;
  }

  get #tracing(): WaitTracing | undefined {
    return this.#parts.tracing;
  }

  /**
   * Builds a scenario and lays it out in memory; nothing is simulated yet.
   * @param input A parsed scenario, or plain data as it would stand in a file.
   * @throws ScenarioError where the input is wrong; PlanError or CapacityError where it cannot be
   * built or does not fit; PolicyError where its custom routing policy is missing or cannot be
   * loaded.
   */
  static async start(input: Scenario | ScenarioDocument, options: SimulationOptions = {}): Promise<Simulation> {
    const startedMs = performance.now();
    const { replicate = false, fastForward = true, explain = false, pauses = false, trace, signal } = options;
    if (pauses && (explain || trace !== undefined)) {
      throw new PlanError("a run records its pauses, or its critical path and trace: ask for one of them");
    }
    if (options.capture !== undefined && (explain || pauses || trace !== undefined)) {
      throw new PlanError("a run captures links, or records its path, trace or pauses: ask for one of them");
    }
    const pause = pausesFor(signal);
    const parsed = isScenario(input) ? input : parseScenario(input).scenario;
    const { scenario, policy } = await decideRouting(parsed, options);
    await pause();
    const resolved = withTrace(resolvePlan(scenario, options.onPhase), trace);
    await pause();
    const { plan } = resolved;
    const isNoted = explain || (trace !== undefined && plan.programs === undefined);
    const path = isNoted ? pathFor({ scenario, plan, options, policy, logicalOf: resolved.logical.ofFlow }) : undefined;
    const tracing = pauses ? new WaitTracing(plan, resolved.logical.ofFlow) : undefined;
    const telemetry = options.telemetry && new Telemetry(plan, resolved.logical.ofFlow, options.telemetry, scenario);
    const capture = options.capture && captureOf(plan, options.capture);
    const isRecorded = explain || pauses || [trace, telemetry, capture].some((it) => it !== undefined);
    const ways = replicate && fastForward && !isRecorded ? symmetriesOf(plan) : NO_WAYS;
    const how = trace === undefined || isNoted ? options : { ...options, fastForward: false };
    const made = { plan, ways, options: how, policy, telemetry, ...recordingOf(path, tracing ?? capture, options) };
    const first = await nextEngine(made, pause).catch((cause: unknown) => {
      throw withPlaces(scenario, cause);
    });
    const digestOfCore = await digestOfCoreOf(policy);
    const loop = new RunLoop(first, made, { wallMs: performance.now() - startedMs, runMs: 0 });
    return new Simulation({ scenario, resolved, loop, options, policy, digestOfCore, path, tracing });
  }

  /**
   * Continues from a snapshot, as if the simulation had never stopped.
   * @param snapshot what `snapshot()` returned
   * @throws ResumeError where another version or core made the snapshot.
   */
  static async resume({ description, memory }: Snapshot, options: SimulationOptions = {}): Promise<Simulation> {
    if (isRecording(options)) {
      throw new ResumeError(
        "telemetry and captures begin with the run: give them to Simulation.start, not to a run that goes on",
      );
    }
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
    return Simulation.#continue({ scenario, options, policy, digestOfCore }, memory, { wallMs, runMs });
  }

  static async #continue(settings: Settings, memory: Uint8Array, spent: Spent): Promise<Simulation> {
    const startedMs = performance.now();
    const { scenario, options, policy } = settings;
    const resolved = resolvePlan(scenario, options.onPhase);
    options.onPhase?.("laying-out");
    const engine = await CoreRun.resume(resolved.plan, memory, coreOptions(options, policy, memory.length));
    const input = { plan: resolved.plan, ways: NO_WAYS, options, policy };
    const wallMs = spent.wallMs + performance.now() - startedMs;
    return new Simulation({ ...settings, resolved, loop: new RunLoop({ engine }, input, { ...spent, wallMs }) });
  }

  /** True when there is nothing left to simulate. */
  get ended(): boolean {
    return this.#loop.ended;
  }

  /** How far the simulation is. */
  progress(): Progress {
    return this.#loop.progress();
  }

  /**
   * Simulates to the end, or until one of the options says to stop. May be called again to go on.
   * @throws CoreTrapError on a fault of the core, PolicyError where a custom routing policy fails.
   */
  async run(options: RunOptions = {}): Promise<void> {
    await this.#loop.run(options);
  }

  /**
   * Follows the critical path of a run that has finished, where `explain` was asked for. The run is
   * simulated twice more for that. It changes nothing where the run has not finished, or where the
   * signal aborts.
   * @throws PlanError where a custom routing policy does not decide the same again.
   */
  async explain(options: RunOptions = {}): Promise<void> {
    if (this.#path === undefined || this.#options.explain !== true || !this.ended) return;
    const { engine } = this.#loop;
    if (engine instanceof CoreRun) await this.#path.follow(engine, options);
  }

  /**
   * A second simulation that goes on from this instant by itself. Both may be run on, in any order.
   * @param set Overrides as for `parseScenario`, of `routing` only, e.g.
   *   `["routing.policy=adaptive"]`: in force for packets that reach a switch's queues from now on.
   * @param options Those of this simulation where none are given. To `custom` with a policy that is
   *   a function or module, not with a compiled one.
   * @throws ScenarioError where an override is wrong or changes more than the routing, PolicyError
   *   where its custom policy cannot be had.
   */
  async fork(set: readonly string[] = [], options: SimulationOptions = this.#options): Promise<Simulation> {
    const document = this.#document();
    const parsed = set.length === 0 ? this.scenario : parseScenario(document, { set }).scenario;
    const digestOfCore = this.#digestOfCore;
    const origin = { scenario: this.scenario, policy: this.#policy, digestOfCore };
    const { scenario, policy } = await decideFork(origin, parsed, options);
    return Simulation.#continue({ scenario, options, policy, digestOfCore }, this.#image(), this.#loop.spent);
  }

  /** All that it takes to go on later, or elsewhere. */
  snapshot(): Snapshot {
    const memory = this.#image();
    return {
      description: {
        heddleVersion: VERSION,
        coreDigest: this.#digestOfCore,
        scenario: this.#document(),
        scenarioDigest: scenarioDigest(this.scenario),
        simulatedNs: this.progress().simulatedNs,
        ...this.#loop.spent,
      },
      memory,
    };
  }

  #image(): Uint8Array {
    if (this.#path !== undefined || this.#tracing !== undefined || isRecording(this.#options)) {
      throw new ResumeError(
        "a simulation that records what it does can be neither forked nor kept; leave explain, trace, pauses, telemetry and capture out",
      );
    }
    const { engine } = this.#loop;
    if (engine instanceof CoreRun) return engine.image();
    throw new ResumeError(
      "of what is alike only one was simulated, which cannot be gone on from; start the simulation without `replicate`",
    );
  }

  #document(): unknown {
    if (isFromFile(this.scenario.workload)) {
      throw new ResumeError(
        "a scenario whose workload is in a file cannot be forked or kept; write it in the scenario",
      );
    }
    const document = documentOf(this.scenario);
    if (document !== undefined) return document;
    throw new ResumeError("only a scenario that parseScenario returned can be forked or kept");
  }

  /** The devices and links of the fabric, for those who draw it. Built at the first call. */
  fabric(): FabricView {
    return this.#viewed().fabric;
  }

  /**
   * What all links do at the instant that the simulation stands at. It takes time in proportion to
   * their number: about 1 ms for 5,000 links.
   * @throws ResumeError where parts that are alike were simulated only once: start the simulation
   *   without `replicate`.
   */
  look(): LinkLoads {
    const loads = this.#wholeEngine().loads();
    return linkLoads(loads, this.#viewed().ports, this.#resolved.plan.fabric.peerPort);
  }

  #viewed(): ReturnType<typeof fabricView> {
    this.#view ??= fabricView(viewPlan(this.#resolved.plan));
    return this.#view;
  }

  /**
   * What is known now; its `status` is `cancelled` when the run has not ended.
   * @param withFlows List every flow, for collectives too.
   */
  result({ withFlows }: { withFlows?: boolean } = {}): ResultDocument {
    const startedMs = performance.now();
    const policyName = this.scenario.routing.custom === undefined ? undefined : this.#policy?.name;
    const document = summarise({
      scenario: this.scenario,
      resolved: this.#resolved,
      loop: this.#loop,
      policyName,
      withFlows,
    });
    // Summing up takes its time as well.
    const wallMs = this.#loop.spent.wallMs + (this.#path?.spentMs ?? 0) + performance.now() - startedMs;
    const criticalPath = this.#path?.path;
    const { engine } = this.#loop;
    const pauses = this.#tracing && this.ended && engine instanceof CoreRun && this.#tracing.treesOf(engine);
    return {
      ...document,
      ...(criticalPath && { criticalPath }),
      ...(pauses && { pauses }),
      engine: withSpeeds({ ...document.engine, wallMs }),
    };
  }

  /**
   * What ranks did when, for Perfetto and Holistic Trace Analysis (docs/TRACE.md), as far as the
   * run has come. The simulation was started with `trace`, and is not closed before all is written.
   */
  trace(): Trace {
    const { scenario } = this;
    const { ranks = [] } = this.#options.trace ?? {};
    const { plan, logical } = this.#resolved;
    return traceOfRun({ scenario, plan, logicalOf: logical.ofFlow }, this.#loop.engine, this.#path, ranks);
  }

  /**
   * When flows began and ended, and what packets did so far, as columns. It takes time in
   * proportion to the number of flows.
   */
  records(): { readonly flows: FlowRecords; readonly packets: Totals } {
    const outcome = this.#loop.engine.outcome();
    return { flows: flowRecords(this.#resolved, outcome), packets: outcome.totals };
  }

  /**
   * The instant that the simulation stands at, in ns: all before it is simulated, nothing from it
   * on. Where a run is told to stop, it may stand up to one window later.
   * @throws ResumeError where parts that are alike were simulated only once.
   */
  get nowNs(): number {
    return this.#wholeEngine().nowPs / 1000;
  }

  /**
   * Adds flows, jobs or faults at the instant that the simulation stands at, or later. From here on
   * it is the simulation of the scenario that has had them from the beginning, with that start: the
   * digest is the same. To that end the time so far is simulated again, and compared.
   * @param options `signal` ends that early; the simulation is as it was then.
   * @throws ScenarioError, PlanError or CapacityError where what is added is wrong or cannot be
   *   built. ResumeError where it would change what was simulated before, or where parts that are
   *   alike were simulated only once. Nothing is added then.
   */
  async add(additions: Additions, { signal }: Pick<RunOptions, "signal"> = {}): Promise<void> {
    if (isRecording(this.#options)) {
      throw new ResumeError(
        "telemetry and captures would be told the time so far once more; leave them out where something is added",
      );
    }
    const engine = this.#wholeEngine();
    const { nowPs } = engine;
    const { rankCount } = this.#resolved.plan.fabric;
    const document = this.#document() as Readonly<Record<string, unknown>>;
    const { scenario, spent } = { scenario: this.scenario, spent: this.#loop.spent };
    const grown = withAdditions({ document, scenario, rankCount, nowPs }, additions);
    const parsed = parseScenario(grown, { defaultName: scenario.name }).scenario;
    const next = await Simulation.start(parsed, { ...this.#options, ...(signal && { signal }) });
    try {
      // Windows from the instant on are left.
      if (nowPs > 0) await next.run({ untilNs: (nowPs - 1) / 1000, ...(signal && { signal }) });
      signal?.throwIfAborted();
      if (nowPs > 0 && !haveDoneTheSame(engine, next.#loop.engine)) {
        throw new ResumeError(
          `what is added changes what was simulated before ${nowPs / 1000} ns; let it start then or later, or begin a simulation with it`,
        );
      }
    } catch (cause) {
      await next.close();
      throw cause;
    }
    await engine.close();
    next.#loop.addSpent(spent);
    this.#parts = { ...next.#parts, options: this.#options };
    this.#view = undefined;
  }

  /** The engine where it simulates all. */
  #wholeEngine(): CoreRun {
    const { engine } = this.#loop;
    if (engine instanceof CoreRun) return engine;
    throw new ResumeError("only one of what is alike was simulated; start the simulation without `replicate`");
  }

  /** What every direction of every link has done so far; the result lists the hottest ten. */
  links(): Iterable<LinkRow> {
    const { plan } = this.#resolved;
    const outcome = this.#loop.engine.outcome();
    return allLinks(viewPlan(plan), outcome, observedPs(plan, outcome, this.#loop.engine.progress().nowPs));
  }

  /** Ends the simulation's threads. What is known can still be read. */
  async close(): Promise<void> {
    await this.#loop.engine.close();
  }
}

function isRecording({ telemetry, capture }: SimulationOptions): boolean {
  return telemetry !== undefined || capture !== undefined;
}

/** What the run is to record, and the bytes that takes. */
function recordingOf(
  path: PathOfRun | undefined,
  recording: Recording | undefined,
  { threads, upToThreads = 1 }: SimulationOptions,
) {
  if (recording === undefined) return { watch: path?.watch, recordBytes: path?.bytes };
  return { watch: recording.watch, recordBytes: recording.bytes(threads ?? upToThreads) };
}

/** @throws PlanError where the path cannot be followed; it names the setting in the document. */
function pathFor(input: ConstructorParameters<typeof PathOfRun>[0]): PathOfRun {
  try {
    checkExplainable(input.plan, input.options.explain === true ? "critical path" : "trace");
    return new PathOfRun(input);
  } catch (cause) {
    throw withPlaces(input.scenario, cause);
  }
}
