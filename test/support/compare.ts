import type { Outcome } from "../../src/plan/outcome.js";

const MAX_DIFFERENCES = 12;

/**
 * Throws unless two outcomes agree in every field, bit for bit; the message names the first flows
 * and ports that differ.
 */
export function expectSameOutcome(actual: Outcome, expected: Outcome): void {
  const differences = outcomeDifferences(actual, expected);
  if (differences.length === 0) return;
  const shown = differences.slice(0, MAX_DIFFERENCES);
  if (differences.length > shown.length) shown.push(`… and ${differences.length - shown.length} more`);
  throw new Error(`outcomes differ (actual, expected):\n  ${shown.join("\n  ")}`);
}

/** One line for every field, flow or port in which two outcomes differ. */
export function outcomeDifferences(actual: Outcome, expected: Outcome): string[] {
  const differences: string[] = [];
  const scalar = (name: string, a: unknown, b: unknown) => {
    if (!Object.is(a, b)) differences.push(`${name}: ${a}, ${b}`);
  };
  scalar("status", actual.status, expected.status);
  scalar("failedFlow", actual.failedFlow, expected.failedFlow);
  scalar("endPs", actual.endPs, expected.endPs);
  scalar("lastTransmissionPs", actual.lastTransmissionPs, expected.lastTransmissionPs);

  const list = (kind: string, name: string, a: ArrayLike<number>, b: ArrayLike<number>) => {
    scalar(`${name}.length`, a.length, b.length);
    for (let i = 0; i < Math.min(a.length, b.length); i++) scalar(`${kind} ${i} ${name}`, a[i], b[i]);
  };
  for (const name of ["startPs", "finishPs", "ackedPs", "chunksDelivered"] as const) {
    list("flow", name, actual[name], expected[name]);
  }
  for (const name of keysOf(expected.totals)) scalar(`totals.${name}`, actual.totals[name], expected.totals[name]);
  scalar("classes", actual.classes?.length, expected.classes?.length);
  expected.classes?.forEach((counters, i) => {
    for (const name of keysOf(counters)) list(`class ${i} port`, name, actual.classes![i]![name], counters[name]);
  });
  scalar("programs", actual.programs !== undefined, expected.programs !== undefined);
  if (actual.programs !== undefined && expected.programs !== undefined) {
    const [a, b] = [actual.programs, expected.programs];
    for (const name of keysOf(b.ranks)) list("program rank", name, a.ranks[name], b.ranks[name]);
    b.labels.forEach((times, label) => {
      for (const name of keysOf(times)) scalar(`label ${label} ${name}`, a.labels[label]?.[name], times[name]);
    });
    scalar("timelines", JSON.stringify(a.timelines), JSON.stringify(b.timelines));
    scalar("waiting", JSON.stringify(a.waiting), JSON.stringify(b.waiting));
  }
  for (const name of keysOf(expected.ports)) list("port", name, actual.ports[name], expected.ports[name]);
  return differences;
}

function keysOf<T extends object>(object: T): (keyof T & string)[] {
  return Object.keys(object) as (keyof T & string)[];
}
