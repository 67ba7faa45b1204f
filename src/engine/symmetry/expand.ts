/** The outcome of a whole run from those of the runs that stand for it. */
import type { Outcome, Totals } from "../../plan/outcome.js";
import type { RunPlan } from "../../plan/plan.js";
import { expandPrograms } from "./expand-programs.js";
import type { Fold } from "./fold.js";

/** @param outcomes Of the folds, in order. */
export function expand(plan: RunPlan, folds: readonly Fold[], outcomes: readonly Outcome[]): Outcome {
  const { flows, fabric, programs } = plan;
  const { classes } = outcomes[0]!;
  const startPs = flows.startPs.slice();
  const finishPs = new Float64Array(flows.count).fill(Number.NaN);
  const ackedPs = new Float64Array(flows.count).fill(Number.NaN);
  const chunksDelivered = new Uint32Array(flows.count);
  folds.forEach(({ flowImages, copies }, i) => {
    const outcome = outcomes[i]!;
    flowImages.forEach((flow, image) => {
      const model = Math.floor(image / copies);
      startPs[flow] = outcome.startPs[model]!;
      finishPs[flow] = outcome.finishPs[model]!;
      ackedPs[flow] = outcome.ackedPs[model]!;
      chunksDelivered[flow] = outcome.chunksDelivered[model]!;
    });
  });
  return {
    status: outcomes.find(({ status }) => status !== "finished")?.status ?? "finished",
    endPs: Math.max(...outcomes.map(({ endPs }) => endPs)),
    lastTransmissionPs: Math.max(...outcomes.map(({ lastTransmissionPs }) => lastTransmissionPs)),
    failedFlow: -1,
    startPs,
    finishPs,
    ackedPs,
    chunksDelivered,
    totals: sumOf(folds, outcomes),
    ports: columnsOf(
      fabric.peerPort.length,
      folds,
      outcomes.map(({ ports }) => ports),
    ),
    ...(classes === undefined
      ? {}
      : {
          classes: classes.map((_, dataClass) =>
            columnsOf(
              fabric.peerPort.length,
              folds,
              outcomes.map(({ classes }) => classes![dataClass]!),
            ),
          ),
        }),
    ...(programs === undefined ? {} : { programs: expandPrograms(programs, folds, outcomes) }),
  };
}

/** Columns by port of the whole fabric, from those of the folds' fabrics. */
function columnsOf<T extends { readonly [Name in keyof T]: Float64Array }>(
  portCount: number,
  folds: readonly Fold[],
  columns: readonly T[],
): T {
  const names = Object.keys(columns[0]!) as (keyof T)[];
  const whole = Object.fromEntries(names.map((name) => [name, new Float64Array(portCount)])) as unknown as T;
  folds.forEach(({ portImages, isImaged, copies }, i) => {
    portImages.forEach((port, image) => {
      const model = Math.floor(image / copies);
      if (isImaged[model] === 0) return;
      for (const name of names) whole[name][port] = columns[i]![name][model]!;
    });
  });
  return whole;
}

function sumOf(folds: readonly Fold[], outcomes: readonly Outcome[]): Totals {
  const names = Object.keys(outcomes[0]!.totals) as (keyof Totals)[];
  return Object.fromEntries(
    names.map((name) => [name, outcomes.reduce((sum, { totals }, i) => sum + totals[name] * folds[i]!.copies, 0)]),
  ) as unknown as Totals;
}
