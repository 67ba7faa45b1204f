import fc from "fast-check";
import type { Change, MoveChange } from "../../src/plan/changes.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { share } from "./random-changes.js";

/** Which queue pair goes where, and when; numbers are taken modulo what there is. */
const move = fc.record({
  flow: fc.nat(),
  src: fc.nat(),
  dst: fc.nat(),
  at: share,
  away: fc.boolean(),
  /** Others of the same NIC go with it, as when its link goes out. */
  all: fc.boolean(),
});

export const randomMoves = fc.array(move, { minLength: 1, maxLength: 8 });

export type RandomMoves = typeof randomMoves extends fc.Arbitrary<infer T> ? T : never;

/** A plan whose queue pairs move, all over a run of this length, among NICs that are alike. */
export function withMoves(plan: RunPlan, lengthPs: number, drawn: RandomMoves): RunPlan {
  const { flows } = plan;
  const moves = drawn.flatMap(({ flow, src, dst, at, away, all }): MoveChange[] => {
    const first = flow % flows.count;
    const together = Array.from({ length: flows.count }, (_, other) => other).filter(
      (other) => other === first || (all && flows.srcNic[other] === flows.srcNic[first]),
    );
    const atPs = Math.floor(at * lengthPs);
    return together.flatMap((one) => {
      const [srcs, dsts] = [flows.srcNic[one]!, flows.dstNic[one]!].map((nic) => alike(plan, nic)) as [
        number[],
        number[],
      ];
      const [srcNic, dstNic] = [srcs[src % srcs.length]!, dsts[dst % dsts.length]!];
      return srcNic === dstNic ? [] : [{ kind: "move", atPs, flow: one, srcNic, dstNic, away }];
    });
  });
  const changes: Change[] = [...(plan.changes ?? []), ...moves];
  return { ...plan, changes: changes.sort((a, b) => a.atPs - b.atPs) };
}

/** NICs of the same device among which its queue pairs may move, itself included. */
function alike({ fabric, nicLatencyPs }: RunPlan, nic: number): number[] {
  const { nics, portClass, linkClasses, firstPort } = fabric;
  const deviceOf = (other: number) => firstPort.findLastIndex((first) => first <= nics.port[other]!);
  const mtuOf = (other: number) => linkClasses[portClass[nics.port[other]!]!]!.mtuBytes;
  return Array.from({ length: nics.count }, (_, other) => other).filter(
    (other) =>
      deviceOf(other) === deviceOf(nic) &&
      nics.isScaleUp[other] === nics.isScaleUp[nic] &&
      nicLatencyPs[other] === nicLatencyPs[nic] &&
      mtuOf(other) === mtuOf(nic) &&
      // Scale-up switches join the NICs of a node only.
      (nics.isScaleUp[nic] === 0 || other === nic),
  );
}
