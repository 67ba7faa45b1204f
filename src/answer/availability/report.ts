/** `heddle availability`: from failure rates and checkpoints to goodput over weeks. */
import type { Fabric } from "../../plan/fabric.js";
import { PlanError } from "../../plan/plan-error.js";
import type { Scenario } from "../../scenario/types/scenario.js";
import { type InterruptionCause, interruptionCauses } from "./causes.js";
import {
  bestInterval,
  type CheckpointTimes,
  dalyInterval,
  exactGoodput,
  expectedTrainingTimeRatio,
  firstOrderGoodput,
  youngInterval,
} from "./closed-forms.js";
import { type Course, type CourseResult, playCourse } from "./monte-carlo.js";

/** A mean over courses, and the interval that holds it with 95 %. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** What failures and checkpoints leave of a job's time: by formula, and by Monte Carlo. */
export interface AvailabilityReport {
  readonly name: string;
  readonly gpus: number;
  readonly horizonHours: number;
  /** Null where nothing interrupts the job. */
  readonly mttiHours: number | null;
  readonly checkpoint: CheckpointTimes;
  readonly causes: readonly (InterruptionCause & {
    /** In the horizon, and the GPU-hours that they cost on average. */
    readonly expected: number;
    readonly lostGpuHours: number;
  })[];
  /** Share of the time that is work which was kept. */
  readonly goodput: {
    readonly exact: number;
    readonly firstOrder: number;
    readonly ettr: number;
    readonly monteCarlo: Estimate;
  };
  /** Of one interruption, and of the horizon. */
  readonly lossGpuHours: {
    /** An interruption just before a checkpoint is complete, and the restart. */
    readonly worst: number;
    /** Half an interval, and the restart. */
    readonly mean: number;
    /** Everything but kept work, in the horizon. */
    readonly expected: number;
  };
  readonly lossUsd: { readonly worst: number; readonly mean: number; readonly expected: number };
  /** Intervals in hours; null where nothing interrupts the job. */
  readonly intervals: {
    readonly young: number;
    readonly daly: number;
    readonly best: number;
    readonly bestGoodput: number;
  } | null;
  /** Means over the courses. */
  readonly timeShares: {
    readonly kept: number;
    readonly repeated: number;
    readonly restart: number;
    readonly write: number;
    readonly stalled: number;
  };
  readonly runs: number;
}

const PS_95 = 1.959963984540054;
const MS_PER_HOUR = 3_600_000;
const HOURS_PER_SECOND = 1 / 3600;

/**
 * @throws PlanError where an interval is asked for by formula and nothing interrupts the job
 */
export function availabilityReport(scenario: Scenario, fabric: Fabric): AvailabilityReport {
  const { availability, checkpoint } = scenario;
  const causes = interruptionCauses(scenario, fabric, availability);
  const perHour = causes.reduce((sum, cause) => sum + cause.perHour, 0);
  const mttiHours = 1 / perHour;
  const times = checkpointTimes(checkpoint, mttiHours);
  const horizonHours = availability.horizonMs / MS_PER_HOUR;
  const { unstableLinks } = availability;
  const course: Course = {
    ...{ ...times, horizonHours, interruptionsPerHour: perHour },
    stallsPerHour: unstableLinks.count * unstableLinks.flapsPerHour * (1 - unstableLinks.fatalShare),
    stallHours: unstableLinks.downMs / MS_PER_HOUR,
  };
  const results = Array.from({ length: availability.runs }, (_, run) => playCourse(course, scenario.seed, run));
  const gpus = fabric.rankCount;
  const exact = exactGoodput(times, mttiHours);
  const meanLossHours = perHour === 0 ? 0 : times.intervalHours / 2 + times.restartHours;
  const stallShare = course.stallsPerHour * course.stallHours;
  const lossGpuHours = {
    worst: perHour === 0 ? 0 : gpus * (times.intervalHours + times.writeHours + times.restartHours),
    mean: gpus * meanLossHours,
    expected: gpus * horizonHours * (1 - exact / (1 + stallShare)),
  };
  return {
    ...{ name: scenario.name, gpus, horizonHours, mttiHours: perHour === 0 ? null : mttiHours, checkpoint: times },
    causes: causes.map((cause) => {
      const expected = cause.perHour * horizonHours;
      return { ...cause, expected, lostGpuHours: expected * gpus * meanLossHours };
    }),
    goodput: {
      exact: exact / (1 + stallShare),
      firstOrder: firstOrderGoodput(times, mttiHours) / (1 + stallShare),
      ettr: expectedTrainingTimeRatio(times, mttiHours) / (1 + stallShare),
      monteCarlo: estimate(results.map(({ goodput }) => goodput)),
    },
    lossGpuHours,
    lossUsd: {
      worst: lossGpuHours.worst * availability.gpuHourUsd,
      mean: lossGpuHours.mean * availability.gpuHourUsd,
      expected: lossGpuHours.expected * availability.gpuHourUsd,
    },
    intervals: perHour === 0 ? null : intervals(times, mttiHours),
    timeShares: timeShares(results, horizonHours),
    runs: availability.runs,
  };
}

function checkpointTimes({ interval, writeMs, restartMs }: Scenario["checkpoint"], mttiHours: number): CheckpointTimes {
  const writeHours = writeMs / MS_PER_HOUR;
  const restartHours = restartMs / MS_PER_HOUR;
  if (typeof interval === "number") return { intervalHours: interval / MS_PER_HOUR, writeHours, restartHours };
  if (mttiHours === Number.POSITIVE_INFINITY) {
    throw new PlanError(`nothing interrupts this job, so ${interval} gives no interval; write a time, e.g. 1h`, [
      ["checkpoint", "interval"],
    ]);
  }
  const hours = interval === "young" ? youngInterval(writeHours, mttiHours) : dalyInterval(writeHours, mttiHours);
  // A checkpoint that takes no time would be written without end.
  return { intervalHours: Math.max(hours, HOURS_PER_SECOND), writeHours, restartHours };
}

function intervals(times: CheckpointTimes, mttiHours: number): AvailabilityReport["intervals"] {
  const best = bestInterval(times, mttiHours);
  return {
    young: youngInterval(times.writeHours, mttiHours),
    daly: dalyInterval(times.writeHours, mttiHours),
    best,
    bestGoodput: exactGoodput({ ...times, intervalHours: Math.max(best, HOURS_PER_SECOND) }, mttiHours),
  };
}

function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = (PS_95 * Math.sqrt(squares / (values.length - 1))) / Math.sqrt(values.length);
  return { mean, low: mean - half, high: mean + half };
}

function timeShares(results: readonly CourseResult[], horizonHours: number): AvailabilityReport["timeShares"] {
  const mean = (of: (result: CourseResult) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length / horizonHours;
  return {
    kept: mean(({ goodput }) => goodput * horizonHours),
    repeated: mean(({ lostHours }) => lostHours),
    restart: mean(({ restartHours }) => restartHours),
    write: mean(({ writeHours }) => writeHours),
    stalled: mean(({ stalledHours }) => stalledHours),
  };
}
