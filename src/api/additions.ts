/** What comes to a simulation while it stands at an instant: flows, jobs and faults. */
import type { Engine } from "../engine/run/engine.js";
import type { Totals } from "../plan/outcome.js";
import type { ScenarioDocument } from "../scenario/schema/sections.js";
import { ScenarioError } from "../scenario/types/errors.js";
import type { Scenario } from "../scenario/types/scenario.js";
import { jobsOf, listsFlows } from "../scenario/types/workload-kinds.js";

type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;
type JobItem = ItemOf<NonNullable<Extract<ScenarioDocument, { readonly jobs: unknown }>["jobs"]>>;
type FaultItem = ItemOf<NonNullable<ScenarioDocument["faults"]>>;

/** A message between two ranks of the fabric. */
export interface AddedFlow {
  readonly src: number | string;
  readonly dst: number | string;
  readonly size: string;
  /** On the clock of the simulation; the instant that it stands at where left out. */
  readonly start?: string;
  readonly name?: string;
  readonly class?: string;
}

/**
 * As they would stand in a scenario. Flows and jobs without `start`, and faults without `at`, begin
 * at the instant.
 */
export interface Additions {
  readonly flows?: readonly AddedFlow[];
  /** Each lists its ranks in `placement`; ranks may belong to other jobs, too. */
  readonly jobs?: readonly JobItem[];
  readonly faults?: readonly FaultItem[];
}

interface Before {
  /** What the scenario was parsed from. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly scenario: Scenario;
  readonly rankCount: number;
  readonly nowPs: number;
}

/**
 * The scenario that has what is added from the beginning. A list of flows grows; any other workload
 * becomes a list of jobs, of which it is the first.
 * @throws ScenarioError where nothing is added
 */
export function withAdditions(before: Before, { flows = [], jobs = [], faults = [] }: Additions): unknown {
  if (flows.length + jobs.length + faults.length === 0) {
    throw new ScenarioError([{ message: "nothing is added; give flows, jobs or faults", path: "" }]);
  }
  const start = `${before.nowPs / 1000}ns`;
  const starting = <T extends object>(item: T) => ({ start, ...item });
  const { document, rankCount } = before;
  const allFaults = [
    ...listOf(document.faults),
    ...faults.map((fault) => ("start" in fault ? fault : { at: start, ...fault })),
  ];
  const grown = faults.length === 0 ? document : { ...document, faults: allFaults };
  if (flows.length + jobs.length === 0) return grown;
  const { workload } = document;
  const listed = listOf((workload as { readonly flows?: unknown } | undefined)?.flows);
  if (jobs.length === 0 && listed.length > 0 && listsFlows(before.scenario.workload)) {
    return { ...grown, workload: { ...(workload as object), flows: [...listed, ...flows.map(starting)] } };
  }
  const { workload: _, ...rest } = grown;
  const kept = jobsBefore(before);
  // The flows have their starts themselves.
  const added = { name: `added-${kept.length + jobs.length}`, placement: ranksUpTo(rankCount) };
  const messages = flows.length === 0 ? [] : [{ ...added, workload: { kind: "flows", flows: flows.map(starting) } }];
  return { ...rest, jobs: [...kept, ...jobs.map(starting), ...messages] };
}

/** The jobs that there are, on the ranks that they have. */
function jobsBefore({ document, scenario: { workload }, rankCount }: Before): object[] {
  const placed = jobsOf(workload);
  if (placed === undefined) {
    return [{ name: "main", placement: ranksUpTo(rankCount), workload: document.workload }];
  }
  return listOf(document.jobs).map((job, i) => {
    const { ranks: _, ...rest } = job as { readonly ranks?: unknown };
    return { ...rest, placement: placed[i]!.ranks };
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function ranksUpTo(count: number): number[] {
  return Array.from({ length: count }, (_, rank) => rank);
}

/**
 * What becomes of a packet on its link is counted when its transmission begins. So a fault of this
 * instant counts for packets that are under way already.
 */
const COUNTED_AHEAD: readonly (keyof Totals)[] = ["droppedLinkDown", "droppedCrc", "replays"];

/**
 * Whether two runs that stand at one instant have done the same so far, packet by packet: by all
 * counters, and what each port has sent. The second may have a fault from this instant on.
 */
export function haveDoneTheSame(a: Engine, b: Engine): boolean {
  const [one, other] = [a.outcome(), b.outcome()];
  const names = Object.keys(one.totals) as (keyof Totals)[];
  const isAlike = (name: keyof Totals) => one.totals[name] === other.totals[name];
  if (!names.every((name) => isAlike(name) || COUNTED_AHEAD.includes(name))) return false;
  const { txBytes, maxBacklogPs, pausedPs } = one.ports;
  return (
    txBytes.every((value, port) => value === other.ports.txBytes[port]) &&
    maxBacklogPs.every((value, port) => value === other.ports.maxBacklogPs[port]) &&
    pausedPs.every((value, port) => value === other.ports.pausedPs[port])
  );
}
