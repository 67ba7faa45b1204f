/** The course of a job over weeks, played at random, for what closed forms leave out. */

import { mix32, streamKey } from "../../scenario/types/random.js";
import { minusLog1m } from "../../util/logarithm.js";
import type { CheckpointTimes } from "./closed-forms.js";

export interface Course extends CheckpointTimes {
  readonly horizonHours: number;
  /** Interruptions per hour: each takes the job back to its last checkpoint. */
  readonly interruptionsPerHour: number;
  /** Stalls per hour, and how long each lasts: the job goes on where it stood. */
  readonly stallsPerHour: number;
  readonly stallHours: number;
}

/** Figures of one simulated course. */
export interface CourseResult {
  /** Share of the horizon that is work which was kept. */
  readonly goodput: number;
  readonly interruptions: number;
  readonly stalls: number;
  /** Hours: work that was done again, restarts, writes, stalls. */
  readonly lostHours: number;
  readonly restartHours: number;
  readonly writeHours: number;
  readonly stalledHours: number;
  /** Most that one interruption cost: work done again, and the restart. */
  readonly worstHours: number;
}

const INTERRUPTIONS = 1;
const STALLS = 2;
const TWO_POW_32 = 2 ** 32;

/** Gaps of a Poisson process, by a counter: independent of everything else. */
class PoissonProcess {
  private counter = 0;
  nextHours: number;

  constructor(
    private readonly key: number,
    private readonly perHour: number,
  ) {
    this.nextHours = this.gap();
  }

  advance(): void {
    this.nextHours += this.gap();
  }

  private gap(): number {
    if (this.perHour === 0) return Number.POSITIVE_INFINITY;
    const uniform = mix32(this.key ^ mix32(this.counter++)) / TWO_POW_32;
    return minusLog1m(uniform) / this.perHour;
  }
}

type Phase = "work" | "write" | "restart";

/** A job between two checkpoints, and where its time went so far. */
class Job {
  phase: Phase = "work";
  leftHours: number;
  keptHours = 0;
  lostHours = 0;
  worstHours = 0;
  readonly spentHours: Record<Phase, number> = { work: 0, write: 0, restart: 0 };

  constructor(private readonly times: CheckpointTimes) {
    this.leftHours = times.intervalHours;
  }

  /** Work since the last checkpoint. */
  get unsavedHours(): number {
    if (this.phase === "restart") return 0;
    return this.phase === "write" ? this.times.intervalHours : this.times.intervalHours - this.leftHours;
  }

  /** Goes on for a time that is not longer than what is left of the phase. */
  goOn(hours: number): void {
    this.spentHours[this.phase] += hours;
    if (hours < this.leftHours) {
      this.leftHours -= hours;
    } else if (this.phase === "work" && this.times.writeHours > 0) {
      this.begin("write", this.times.writeHours);
    } else {
      if (this.phase !== "restart") this.keptHours += this.times.intervalHours;
      this.begin("work", this.times.intervalHours);
    }
  }

  interrupt(): void {
    const { restartHours, writeHours, intervalHours } = this.times;
    const writing = this.phase === "write" ? writeHours - this.leftHours : 0;
    this.lostHours += this.unsavedHours;
    this.worstHours = Math.max(this.worstHours, this.unsavedHours + writing + restartHours);
    if (restartHours > 0) this.begin("restart", restartHours);
    else this.begin("work", intervalHours);
  }

  private begin(phase: Phase, hours: number): void {
    this.phase = phase;
    this.leftHours = hours;
  }
}

/**
 * Plays one course.
 * @param run number of the course; the same seed and run give the same course
 */
export function playCourse(course: Course, seed: number, run: number): CourseResult {
  const { horizonHours, stallHours } = course;
  const interruption = new PoissonProcess(streamKey(seed, INTERRUPTIONS, run), course.interruptionsPerHour);
  const stall = new PoissonProcess(streamKey(seed, STALLS, run), course.stallsPerHour);
  const job = new Job(course);
  let [now, interruptions, stalls, stalledHours] = [0, 0, 0, 0];
  while (now < horizonHours) {
    const until = Math.min(now + job.leftHours, horizonHours, interruption.nextHours, stall.nextHours);
    // The whole phase, to the bit, where nothing comes between.
    job.goOn(until === now + job.leftHours ? job.leftHours : until - now);
    now = until;
    if (now === horizonHours) break;
    if (now === interruption.nextHours) {
      job.interrupt();
      interruptions += 1;
      interruption.advance();
    }
    if (now === stall.nextHours) {
      const hours = Math.min(stallHours, horizonHours - now);
      now += hours;
      stalledHours += hours;
      stalls += 1;
      // Links that flap during a stall do not stall the job twice.
      while (stall.nextHours <= now) stall.advance();
      // An interruption during a stall finds the job as the stall did.
      interruption.nextHours = Math.max(interruption.nextHours, now);
    }
  }
  return {
    // The horizon ends, not the job: work that is not saved yet counts.
    goodput: (job.keptHours + job.unsavedHours) / horizonHours,
    ...{ interruptions, stalls, stalledHours, lostHours: job.lostHours, worstHours: job.worstHours },
    restartHours: job.spentHours.restart,
    writeHours: job.spentHours.write,
  };
}
