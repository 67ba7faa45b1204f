import { NodeKind } from "../../plan/program-graph.js";
import type { Instruction, Programs, Role } from "../../plan/programs.js";
import { capacityBoundPs } from "./capacity.js";
import { flowTimes } from "./flow-times.js";
import type { PlanView } from "./view.js";

/**
 * A time, in ps, that programs cannot beat on this fabric: the longest of what a stream computes,
 * what a flow takes by itself for all of its operations, and what the links can carry. Dependencies
 * between operations are left out.
 */
export function programBoundPs(view: PlanView, programs: Programs): number {
  const { flows } = view.plan;
  const times = Array.from({ length: flows.count }, (_, flow) => flowTimes(view, flow));
  const alone = times.reduce((most, each) => Math.max(most, each?.flowPs ?? 0), 0);
  return Math.floor(Math.max(alone, capacityBoundPs(view, times), computeBoundPs(programs)));
}

/** The longest time that any stream computes, from the first start of a program on. */
function computeBoundPs({ ranks, roles }: Programs): number {
  const startPs = ranks.startPs.reduce((least, ps) => Math.min(least, ps), Number.POSITIVE_INFINITY);
  let most = 0;
  const longest = new Map<string, number>();
  for (let r = 0; r < ranks.count; r++) {
    const scale = ranks.computeFactor[r]! * (1 - ranks.jitter[r]!);
    const key = `${ranks.role[r]} ${scale}`;
    let ps = longest.get(key);
    if (ps === undefined) {
      ps = Math.max(...computedByStream(roles[ranks.role[r]!]!, scale));
      longest.set(key, ps);
    }
    most = Math.max(most, ranks.startPs[r]! - startPs + ps);
  }
  return most;
}

/** What each stream, or lane, computes. */
function computedByStream({ streams, graph }: Role, scale: number): number[] {
  if (graph === undefined) return streams.map(({ instructions }) => computedPs(instructions, scale));
  const lanes = streams.map(() => 0);
  for (let n = 0; n < graph.count; n++) {
    if (graph.kind[n] === NodeKind.compute) lanes[graph.gate[n]!]! += Math.floor(graph.durationPs[n]! * scale);
  }
  return lanes;
}

function computedPs(instructions: readonly Instruction[], scale: number): number {
  return instructions.reduce((sum, each) => {
    if (each.kind === "loop") return sum + each.count * computedPs(each.body, scale);
    return each.kind === "compute" ? sum + Math.floor(each.durationPs * scale) : sum;
  }, 0);
}
