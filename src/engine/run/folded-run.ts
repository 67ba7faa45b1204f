/**
 * A run of which only one of what is alike is simulated: to the outside it is like the whole run.
 */

import type { Outcome } from "../../plan/outcome.js";
import type { PolicyCost } from "../core/policy.js";
import { digestOf } from "../core/read.js";
import type { HoldingPort } from "../core/stuck.js";
import { whatBreaks } from "../symmetry/conditions.js";
import { expand } from "../symmetry/expand.js";
import type { Symmetry } from "../symmetry/symmetry.js";
import type { Engine } from "./engine.js";
import type { CoreProgress, EngineFigures, Skipped } from "./figures.js";
import { type CoreOptions, CoreRun } from "./run.js";

/**
 * How often, in calls, to look whether anything has happened that the symmetry does not hold for.
 */
const CALLS_PER_LOOK = 8;

export class FoldedRun implements Engine {
  #ended: boolean[];
  #calls = 0;
  #broken: string | undefined;

  private constructor(
    private readonly symmetry: Symmetry,
    private readonly runs: readonly CoreRun[],
  ) {
    this.#ended = runs.map(() => false);
  }

  /**
   * @param options Its `spareBytes` are for all parts together.
   * @throws as CoreRun.start
   */
  static async start(symmetry: Symmetry, options: Omit<CoreOptions, "images" | "policy"> = {}): Promise<FoldedRun> {
    const runs: CoreRun[] = [];
    try {
      for (const { plan, copies, flowImages } of symmetry.folds) {
        const spareBytes = (options.spareBytes ?? Number.POSITIVE_INFINITY) / symmetry.folds.length;
        runs.push(await CoreRun.start(plan, { ...options, spareBytes, images: { copies, flows: flowImages } }));
      }
    } catch (error) {
      await Promise.all(runs.map((run) => run.close()));
      throw error;
    }
    return new FoldedRun(symmetry, runs);
  }

  /** As `CoreRun.keepStart`. */
  keepStart(): void {
    for (const run of this.runs) run.keepStart();
  }

  get startBytes(): number {
    return this.runs.reduce((bytes, run) => bytes + run.startBytes, 0);
  }

  /** As `CoreRun.again`. */
  again(): FoldedRun {
    return new FoldedRun(
      this.symmetry,
      this.runs.map((run) => run.again()),
    );
  }

  /**
   * Why this run does not stand for the whole: something has happened that does not happen to all
   * copies alike. It must be simulated as it is.
   */
  get broken(): string | undefined {
    return this.#broken;
  }

  get replicas(): number {
    return this.symmetry.replicas;
  }

  /**
   * As `CoreRun.advanceUntil`; its parts one after the other. To be given up once it is `broken`.
   */
  advanceUntil(hops: number, untilPs: number): "running" | "reached" | "ended" {
    for (const [i, run] of this.runs.entries()) {
      if (this.#ended[i]) continue;
      const state = run.advanceUntil(hops, untilPs);
      this.#ended[i] = state === "ended";
      if (state === "ended" || this.#calls++ % CALLS_PER_LOOK === 0) this.#look(i);
      if (state === "running" || this.#broken !== undefined) return "running";
    }
    return this.#ended.every(Boolean) ? "ended" : "reached";
  }

  #look(i: number): void {
    const run = this.runs[i]!;
    this.#broken ??= whatBreaks(this.symmetry, run.plan, run.outcome(), run.isAtRest) ?? undefined;
  }

  get threads(): number {
    return Math.max(...this.runs.map(({ threads }) => threads));
  }

  async setThreads(count: number): Promise<void> {
    await Promise.all(this.runs.map((run) => run.setThreads(count)));
  }

  setSolo(solo: boolean): void {
    for (const run of this.runs) run.setSolo(solo);
  }

  progress(): CoreProgress {
    const parts = this.runs.map((run) => run.progress());
    const sum = (of: (part: CoreProgress) => number) => parts.reduce((total, part) => total + of(part), 0);
    const times = (of: (part: CoreProgress) => number) =>
      parts.reduce((total, part, i) => total + of(part) * this.symmetry.folds[i]!.copies, 0);
    const packetHops = times((part) => part.packetHops);
    const workOf = (name: keyof CoreProgress["work"]) => sum(({ work }) => work[name]);
    return {
      nowPs: Math.max(...parts.map(({ nowPs }) => nowPs)),
      settledPs: Math.min(...parts.map(({ settledPs }) => settledPs)),
      packetHops,
      skippedHops: packetHops - sum((part) => part.packetHops - part.skippedHops),
      work: {
        deliveredPackets: workOf("deliveredPackets"),
        packets: workOf("packets"),
        hops: workOf("hops"),
        simulatedHops: workOf("simulatedHops"),
      },
    };
  }

  outcome(): Outcome {
    const { plan, folds } = this.symmetry;
    return expand(
      plan,
      folds,
      this.runs.map((run) => run.outcome()),
    );
  }

  digest(outcome: Outcome): string {
    return digestOf(
      this.runs.reduce((sum, run) => sum + run.deliveryHash(), 0n),
      outcome,
    );
  }

  skipped(): Skipped {
    const parts = this.runs.map((run) => run.skipped());
    const off = parts.find((part) => part.off !== undefined)?.off;
    return {
      cycles: parts.reduce((sum, part) => sum + part.cycles, 0),
      skippedPs: Math.max(...parts.map((part) => part.skippedPs)),
      skippedHops: this.progress().skippedHops,
      ...(off === undefined ? {} : { off }),
    };
  }

  figures(): EngineFigures {
    const parts = this.runs.map((run) => run.figures());
    const sum = (of: (part: EngineFigures) => number) => parts.reduce((total, part) => total + of(part), 0);
    return {
      windows: sum((part) => part.windows),
      fastSteps: sum((part) => part.fastSteps),
      exactSteps: sum((part) => part.exactSteps),
      threads: this.threads,
      memoryBytes: sum((part) => part.memoryBytes),
      keptBytes: sum((part) => part.keptBytes),
      packetPoolBytes: sum((part) => part.packetPoolBytes),
      windowPs: Math.min(...parts.map((part) => part.windowPs)),
    };
  }

  /**
   * A run that is broken off before its end has ports that hold packets; which ones in all copies
   * is not told.
   */
  holdingPorts(): HoldingPort[] {
    return [];
  }

  /** No policy decides where ways are known beforehand. */
  policyCost(): PolicyCost | undefined {
    return undefined;
  }

  async close(): Promise<void> {
    await Promise.all(this.runs.map((run) => run.close()));
  }
}
