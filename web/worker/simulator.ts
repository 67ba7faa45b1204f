/** A worker that simulates one scenario at a time, and tells the page what it sees of it. */
import {
  HeddleError,
  type ParsedScenario,
  parseScenarioText,
  type ResultDocument,
  ScenarioError,
  Simulation,
  type Snapshot,
  simulate,
  VERSION,
} from "heddle";
import { groupFabric } from "./group.js";
import type { Frame, FromSimulator, ToSimulator } from "./protocol.js";
import { Sampler } from "./sampler.js";

/** Frames that a run without anything in its way would have. */
const FRAMES_OF_BOUND = 320;
/** Frames at most: then every second one is dropped. */
const MAX_FRAMES = 1280;
/** Snapshots that are kept, and the bytes that they may take. */
const MAX_SNAPSHOTS = 8;
const SNAPSHOT_BYTES = 256 * 2 ** 20;
/** Frames without any traffic, after which they are made further and further apart. */
const QUIET_FRAMES = 10;
/** Frames between two snapshots, at first. */
const FRAMES_PER_SNAPSHOT = 80;
/** The page is told of so much time at least, in ms. */
const PAUSE_MS = 50;

const post = (message: FromSimulator, transfer: Transferable[] = []) =>
  (self as unknown as { postMessage(data: unknown, transfer: Transferable[]): void }).postMessage(message, transfer);

/** The run that the page looks at; a later one takes its place. */
let current: Run | undefined;

class Run {
  #ended = false;
  #snapshots: Snapshot[] = [];
  #spacing = FRAMES_PER_SNAPSHOT;
  #stopped = false;

  private constructor(
    private readonly parsed: ParsedScenario,
    private readonly simulation: Simulation,
    private readonly grouping: ReturnType<typeof groupFabric>,
  ) {}

  static async start(text: string): Promise<Run> {
    const parsed = parseScenarioText(text, { defaultName: "scenario" });
    const simulation = await Simulation.start(parsed.scenario, { upToThreads: threads() });
    return new Run(parsed, simulation, groupFabric(simulation.fabric()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.simulation.close();
  }

  /** Simulates to the end, a frame at a time. */
  async run(): Promise<void> {
    const { simulation, parsed } = this;
    const first = simulation.result();
    let stepNs = Math.max(1, first.idealJctNs / FRAMES_OF_BOUND);
    const { picture } = this.grouping;
    post({
      ...{ kind: "started", name: first.scenario.name, digest: first.scenario.digest, version: VERSION },
      ...{ idealNs: first.idealJctNs, picture, warnings: parsed.warnings, stepNs },
    });
    const sampler = new Sampler(simulation.fabric(), this.grouping);
    const hasPrograms = first.program !== undefined || (first.jobs ?? []).some(({ program }) => program !== undefined);
    let [frames, quiet] = [0, 0];
    let atNs = 0;
    let heardMs = performance.now();
    this.#keep();
    while (!this.#stopped && !this.#ended) {
      atNs += stepNs;
      await simulation.run({ untilNs: atNs });
      if (this.#stopped) return;
      const done = simulation.progress().shareDone;
      // What comes after the last delivery is timers, which nobody wants to see; or computations.
      this.#ended = simulation.ended || (done >= 1 && (!hasPrograms || simulation.result().status === "finished"));
      const loads = simulation.look();
      // What happens within a window is known together, so a frame is a window at least.
      atNs = Math.max(atNs, loads.simulatedNs);
      const frame = sampler.frame(loads, done);
      // While nothing moves, as before a timeout, frames would be alike: fewer do, further apart.
      quiet = frame.totals.bytesPerSecond === 0 && done < 1 ? quiet + 1 : 0;
      if (quiet > QUIET_FRAMES) atNs += stepNs * (quiet - QUIET_FRAMES);
      postFrame(frame);
      frames++;
      if (frames === MAX_FRAMES) {
        frames /= 2;
        stepNs *= 2;
        post({ kind: "thin", stepNs });
      }
      if (frames % this.#spacing === 0 && !this.#ended) this.#keep();
      if (performance.now() - heardMs > PAUSE_MS) {
        await heard();
        heardMs = performance.now();
      }
    }
    if (this.#stopped) return;
    await simulation.run();
    post({ kind: "ended", result: simulation.result() });
    await simulation.close();
  }

  /** Keeps what the run could go on from; where there are too many, every second one goes. */
  #keep(): void {
    const { description, memory } = this.simulation.snapshot();
    const most = Math.max(1, Math.min(MAX_SNAPSHOTS, Math.floor(SNAPSHOT_BYTES / memory.length)));
    if (this.#snapshots.length >= most) {
      this.#snapshots = this.#snapshots.filter((_, i) => i % 2 === 0);
      this.#spacing *= 2;
    }
    if (this.#snapshots.length >= most) return;
    // The simulation goes on with the memory that the snapshot is of.
    this.#snapshots.push({ description, memory: memory.slice() });
  }

  /** Frames of a part of the run that was simulated before, from the last snapshot ahead of it. */
  async closer(fromNs: number, toNs: number, count: number): Promise<void> {
    const snapshot = this.#snapshots.findLast(({ description }) => description.simulatedNs <= fromNs);
    if (snapshot === undefined) return post({ kind: "closer", frames: [] });
    const copy = { description: snapshot.description, memory: snapshot.memory.slice() };
    const again = await Simulation.resume(copy);
    try {
      await again.run({ untilNs: fromNs });
      const sampler = new Sampler(again.fabric(), this.grouping);
      sampler.begin(again.look());
      const frames: Frame[] = [];
      for (let i = 1; i <= count && !again.ended; i++) {
        await again.run({ untilNs: fromNs + ((toNs - fromNs) * i) / count });
        frames.push(sampler.frame(again.look(), again.progress().shareDone));
      }
      post({ kind: "closer", frames });
    } finally {
      await again.close();
    }
  }

  async explain(): Promise<void> {
    const result: ResultDocument = await simulate(this.parsed.scenario, { explain: true });
    post({ kind: "explained", result });
  }
}

/** One thread where memory cannot be shared, or the machine has few cores. */
function threads(): number {
  return globalThis.crossOriginIsolated ? Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)) : 1;
}

/** Lets messages of the page in. */
function heard(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function postFrame(frame: Frame): void {
  const { load, queued, state, inside } = frame;
  post({ kind: "frame", frame }, [load.buffer, queued.buffer, state.buffer, inside.buffer]);
}

function failed(cause: unknown): void {
  const issues = cause instanceof ScenarioError ? cause.issues : [];
  const message = cause instanceof Error ? cause.message : String(cause);
  post({ kind: "failed", message: cause instanceof HeddleError ? message : `heddle failed: ${message}`, issues });
}

async function start(text: string): Promise<void> {
  await current?.stop();
  current = undefined;
  current = await Run.start(text);
  await current.run();
}

self.onmessage = ({ data }: MessageEvent<ToSimulator>) => {
  if (data.kind === "start") start(data.text).catch(failed);
  else if (data.kind === "closer") current?.closer(data.fromNs, data.toNs, data.count).catch(failed);
  else {
    current?.explain().catch((cause: unknown) => {
      post({ kind: "unexplained", message: cause instanceof Error ? cause.message : String(cause) });
    });
  }
};
