/**
 * Exact fast-forward: cycle detection modulo translation of time and counters. It looks for two
 * states of a run that are alike. Then it skips the repetitions of what lies between them, as far
 * as they are sure to be the same. docs/FAST-FORWARD.md says why that is exact.
 *
 * First a sender is watched, which costs next to nothing, until the times of its answers show a
 * rhythm. Then the state is kept, and compared with that one period later, two periods later, and
 * so on.
 */

import type { CoreInstance } from "../core/instance.js";
import { MAX_SAMPLES, Run, Status } from "../core/layout.js";
import { settledPs, startOf } from "../core/windows.js";
import { recordsAlike, wordsAlike } from "./alike.js";
import { budgetBound, latestPs, turnBound } from "./bounds.js";
import { COMPARED, Costs, simulatedHops } from "./costs.js";
import { type Growth, growthOf } from "./flows.js";
import { beginRepetitions, jump } from "./jump.js";
import { readLists } from "./lists.js";
import { field, keepMoment, type Moment, presentMoment } from "./moment.js";
import { busiestSender, PERIODS, periodsOf, stretched } from "./periods.js";
import { findRhythm, isSame, type Rhythm, readSamples } from "./rhythm.js";

/** How hard to try. */
export interface Effort {
  /** What looking may cost, as a share of the run's own work. */
  readonly share: number;
  /** Packet-hops without a sample after which another sender is watched. */
  readonly patience: number;
}

export const USUAL_EFFORT: Effort = { share: 0.02, patience: 1e6 };

/** Beside programs repetitions are short, inside of chunks, but there are many. */
export const PROGRAM_EFFORT: Effort = { share: 0.1, patience: 1e6 };

/** Packet-hops until somebody may have sent something. */
const SHORT_PATIENCE = 10_000;
/** The last samples, in which a rhythm shows that has just begun. */
const RECENT_SAMPLES = 8;
/** Most samples between two looks. */
const MAX_PAUSE = 64;
const NO_GOAL = 0xffffffff;

/** A state that was kept, to be compared with later ones. */
interface Attempt {
  readonly before: Moment;
  /** Null at first: states that are not alike are mostly found out by their records. */
  readonly lists: Uint32Array | null;
  readonly rhythm: Rhythm;
  /** Periods since then at the comparisons that are still to come. */
  readonly periods: number[];
}

/**
 * A period that is sure to be repeated if it turns out like the one before it: it is simulated, and
 * then as many are skipped. Otherwise the attempt goes on.
 */
interface LastPeriod extends Attempt {
  readonly growth: Growth;
  readonly periodPs: number;
  readonly repetitions: number;
}

/**
 * Makes a run forget what another fast-forward was about to look at when an image of it was made.
 */
export function forgetAttempt({ memory, header, exports }: CoreInstance): void {
  memory.set(header, Run.watched, 0);
  memory.set(header, Run.samplesWanted, NO_GOAL);
  exports.endRepetitions(false);
}

export class FastForward {
  #attempt: Attempt | null = null;
  #last: LastPeriod | null = null;
  #watching = false;
  /** Changes of the plan that were made by the last look. */
  #changes = 0;
  /** Samples that had come by the last look, and packet-hops simulated when the last one came. */
  #heard = 0;
  #heardAt = 0;
  #patience: number;
  /** Packet-hops simulated until which nobody is watched. */
  #restUntil = 0;
  /** The next look is at a repetition of whole chunks alone. */
  #chunksOnly = false;
  /** The rhythm that was tried last. It is not tried again before this number of samples. */
  #tried: Rhythm | null = null;
  #retryAt = 0;
  #pause = 0;
  /** The last state that was kept: its place is used again. */
  #kept: Moment | null = null;
  /** Of the longest lists so far. */
  #listBytes = 0;
  readonly #costs: Costs;

  constructor(
    private readonly core: CoreInstance,
    private readonly effort: Effort,
  ) {
    this.#patience = effort.patience;
    this.#costs = new Costs(core, effort.share, PERIODS.length);
  }

  /** Most memory that was taken by a state and lists, beside the run's. */
  get keptBytes(): number {
    return (this.#kept?.words.byteLength ?? 0) + 2 * this.#listBytes;
  }

  /** As the core's `advance`, but time may pass faster. */
  advance(hops: number, untilPs: number): number {
    const goal = simulatedHops(this.core) + hops;
    for (;;) {
      const left = goal - simulatedHops(this.core);
      const status = this.#advance(left, untilPs);
      if (status !== Status.Running || simulatedHops(this.core) >= goal || this.#isOverdue()) return status;
    }
  }

  #advance(hops: number, untilPs: number): number {
    this.#heedChanges();
    if (this.#last !== null) return this.#repeat(this.#last, hops, untilPs);
    return this.#attempt === null ? this.#watch(hops, untilPs) : this.#pursue(this.#attempt, hops, untilPs);
  }

  /** What was kept before a change says nothing of what comes after it. */
  #heedChanges(): void {
    const changes = field(this.core, "nextChange");
    if (changes === this.#changes) return;
    this.#changes = changes;
    if (this.#attempt !== null || this.#last !== null) this.#giveUp();
  }

  /** Simulates, and looks for a rhythm on the way. */
  #watch(hops: number, untilPs: number): number {
    const { memory, header, exports } = this.core;
    const rest = this.#restUntil - simulatedHops(this.core);
    if (rest > 0) return exports.advance(Math.min(hops, Math.max(1, rest)), untilPs);
    if (!this.#watching) this.#startWatching();
    const wait = this.#heardAt + this.#patience - simulatedHops(this.core);
    const windows = memory.get(header, Run.windows);
    const status = exports.advance(Math.min(hops, Math.max(1, wait)), untilPs);
    if (status !== Status.Running || this.#isOverdue()) return status;
    this.#costs.watched(memory.get(header, Run.windows) - windows);
    const count = memory.get(header, Run.sampleCount);
    const isSilent = count === this.#heard;
    if (count >= memory.get(header, Run.samplesWanted)) this.#listen();
    if (!isSilent) {
      this.#heard = count;
      this.#heardAt = simulatedHops(this.core);
    } else if (simulatedHops(this.core) >= this.#heardAt + this.#patience) {
      this.#watching = false;
      this.#patience *= 2;
    }
    return status;
  }

  #startWatching(): void {
    const { memory, header } = this.core;
    this.#watching = true;
    this.#heardAt = simulatedHops(this.core);
    this.#heard = 0;
    this.#costs.searched(field(this.core, "flowCount"));
    const sender = busiestSender(this.core);
    if (sender === 0) this.#patience = Math.min(this.#patience, SHORT_PATIENCE);
    memory.set(header, Run.watched, sender);
    memory.set(header, Run.sampleCount, 0);
    this.#waitForSamples(0);
  }

  /** Lets the run go on unwatched until it has earned another try. */
  #rest(): void {
    this.#restUntil = simulatedHops(this.core) + this.#costs.hopsUntilNext();
    this.#watching = false;
    this.#retryAt = this.#pause;
    this.core.memory.set(this.core.header, Run.watched, 0);
    this.core.memory.set(this.core.header, Run.samplesWanted, NO_GOAL);
  }

  /** Enough samples have come: tries what rhythm there is in them, or waits for some more. */
  #listen(): void {
    const count = field(this.core, "sampleCount");
    if (!this.#costs.canAfford()) {
      this.#rest();
      return;
    }
    const recent = this.#find(RECENT_SAMPLES);
    // Once a rhythm has been broken it may be another one that sets in.
    if (recent === null) this.#tried = null;
    const isDue = recent !== null && (!isSame(recent, this.#tried) || count >= this.#retryAt);
    const rhythm = isDue ? recent : this.#find(MAX_SAMPLES);
    this.#waitForSamples(count);
    if (rhythm === null || !this.#costs.canAfford()) return;
    const isNew = !isSame(rhythm, this.#tried);
    if (!isNew && count < this.#retryAt) return;
    const period = stretched(this.core, rhythm);
    const periods = periodsOf(this.core, period, this.#chunksOnly);
    if (periods.length === 0) return;
    this.#pause = isNew ? 2 : Math.ceil(this.#pause * 1.5);
    this.#tried = rhythm;
    this.#retryAt = count + this.#pause;
    this.#begin(period, periods);
  }

  /** A rhythm of the last `most` samples. */
  #find(most: number): Rhythm | null {
    const { rhythm, steps } = findRhythm(readSamples(this.core, most));
    this.#costs.listened(steps);
    return rhythm;
  }

  /** Sets the time of the next look, by samples. */
  #waitForSamples(count: number): void {
    const more = Math.max(RECENT_SAMPLES / 2, Math.ceil(count / 16));
    this.core.memory.set(this.core.header, Run.samplesWanted, count + Math.min(more, MAX_PAUSE));
  }

  #begin(rhythm: Rhythm, periods: number[]): void {
    const { core } = this;
    core.exports.settle();
    this.#costs.copied(2);
    this.#kept = keepMoment(core, this.#kept?.words);
    this.#pursueFrom({ before: this.#kept, lists: null, rhythm, periods });
  }

  #pursueFrom(attempt: Attempt): void {
    this.#attempt = attempt;
    this.core.memory.set(this.core.header, Run.samplesWanted, NO_GOAL);
  }

  /** Simulates up to the instant of the next comparison, and compares. */
  #pursue(attempt: Attempt, hops: number, untilPs: number): number {
    const atPs = attempt.before.nowPs + attempt.periods[0]! * attempt.rhythm.periodPs;
    const status = this.#reach(atPs, hops, untilPs);
    if (status === Status.Running && this.#isAt(atPs)) this.#compare(attempt, untilPs);
    else if (status !== Status.Running && status !== Status.Reached) this.#giveUp();
    return status;
  }

  /**
   * Simulates the period before those that are skipped, and skips them if it was like the one
   * before it, lists included.
   */
  #repeat(last: LastPeriod, hops: number, untilPs: number): number {
    const { core } = this;
    const atPs = last.before.nowPs + last.periodPs;
    const status = this.#reach(atPs, hops, untilPs);
    if (status === Status.Running && this.#isAt(atPs)) {
      const now = presentMoment(core);
      const growth = this.#growth(last, now);
      if (growth === null) return this.#goOn(last);
      const isSafe = wordsAlike(growth.delivered, last.growth.delivered);
      if (isSafe && this.#repetitions(last.before, now, growth, untilPs) >= last.repetitions) {
        jump(core, last.before, growth, last.repetitions);
        this.#chunksOnly = !this.#chunksOnly;
        this.#tried = null;
        this.#patience = this.effort.patience;
      }
      this.#giveUp();
    } else if (status !== Status.Running && status !== Status.Reached) this.#giveUp();
    return status;
  }

  /** Records were alike but not the lists: compares with what comes after more periods. */
  #goOn({ before, lists, rhythm, periods }: LastPeriod): number {
    this.#giveUp();
    if (periods.length !== 0 && this.#costs.canAfford()) this.#pursueFrom({ before, lists, rhythm, periods });
    return Status.Running;
  }

  #isAt(instantPs: number): boolean {
    const isChanged = field(this.core, "nextChange") !== this.#changes;
    return !this.#isOverdue() && !isChanged && settledPs(this.core) === instantPs;
  }

  /**
   * Simulates up to an instant, and settles what lags behind there. Returns `Running` there, and
   * where hops are used up before.
   */
  #reach(atPs: number, hops: number, untilPs: number): number {
    const { core } = this;
    const stopPs = Math.min(untilPs, atPs - field(core, "windowPs"));
    if (settledPs(core) < atPs) {
      const status = core.exports.advance(hops, stopPs);
      if (status !== Status.Reached || this.#isOverdue() || stopPs === untilPs) return status;
    }
    // A window that is cut where a QP may fail, or where a change comes, does not end at that
    // instant.
    const cutPs = Math.min(
      core.memory.get(core.header, Run.mayFailAtPs),
      core.memory.get(core.header, Run.nextChangePs),
    );
    if (settledPs(core) !== atPs && cutPs <= atPs) {
      this.#giveUp();
      return Status.Running;
    }
    const status = this.#finishAt(atPs);
    if (status === Status.Running) core.exports.settle();
    return status;
  }

  /**
   * Simulates up to an instant, less than a window after what has been simulated or idle until
   * then.
   */
  #finishAt(atPs: number): number {
    const { core } = this;
    if (settledPs(core) === atPs) return Status.Running;
    this.#costs.cut(core.exports.regrid(atPs));
    const windowPs = field(core, "windowPs");
    let status: number = Status.Running;
    do status = core.exports.advance(Number.MAX_SAFE_INTEGER, atPs - windowPs);
    while (this.#isOverdue());
    if (status !== Status.Reached) return status;
    // A window without anything to do has not been entered.
    const { memory, header } = core;
    const last = memory.get(header, Run.windowIndex);
    if (startOf(core, last + 1) < atPs) memory.set(header, Run.windowIndex, last + 1);
    return Status.Running;
  }

  #compare(attempt: Attempt, untilPs: number): void {
    const { core } = this;
    const now = presentMoment(core);
    this.#costs.copied(COMPARED);
    const growth = this.#growth(attempt, now);
    if (growth === null) {
      this.#chunksOnly = false;
      attempt.periods.shift();
      if (attempt.periods.length === 0) this.#giveUp();
      return;
    }
    const periodPs = now.nowPs - attempt.before.nowPs;
    const repetitions = this.#repetitions(attempt.before, now, growth, untilPs) - 1;
    const { rhythm, periods } = attempt;
    this.#giveUp();
    if (repetitions < 1) return;
    this.#costs.copied(3);
    this.#kept = keepMoment(core, this.#kept?.words);
    const later = periods.filter((count) => count > periods[0]!);
    const lists = this.#readLists();
    this.#last = { before: this.#kept, lists, rhythm, periods: later, growth, periodPs, repetitions };
    beginRepetitions(core, growth, repetitions, periodPs);
    core.memory.set(core.header, Run.samplesWanted, NO_GOAL);
  }

  /** What flows did since a state that the present one is like; null where it is not like it. */
  #growth({ before, lists }: Attempt, now: Moment): Growth | null {
    const { core } = this;
    const growth = recordsAlike(core, before, now) ? growthOf(core, before, now) : null;
    return growth === null || lists === null || wordsAlike(this.#readLists(), lists) ? growth : null;
  }

  /** How often what has happened since is sure to happen again. */
  #repetitions(before: Moment, now: Moment, growth: Growth, untilPs: number): number {
    const { core } = this;
    return Math.min(
      growth.repetitions,
      budgetBound(core, before, now),
      turnBound(core, before, now),
      Math.floor((latestPs(core, now, untilPs) - now.nowPs) / (now.nowPs - before.nowPs)),
      NO_GOAL,
    );
  }

  #readLists(): Uint32Array {
    const lists = readLists(this.core);
    this.#listBytes = Math.max(this.#listBytes, lists.byteLength);
    this.#costs.read(lists.length);
    return lists;
  }

  #giveUp(): void {
    this.#attempt = null;
    this.#last = null;
    this.#waitForSamples(field(this.core, "sampleCount"));
    this.core.exports.endRepetitions(false);
  }

  /** Another thread is still at work in the window: the state cannot be looked at. */
  #isOverdue(): boolean {
    return field(this.core, "awaited") !== 0;
  }
}
