/** Groups of ranks that a collective is over. */
import type { Path } from "../../util/document-path.js";
import { jobTopology } from "../defaults/jobs.js";
import { type Ranked, rankCount, rankNumbers, type WrittenRank } from "../defaults/ranks.js";
import { groupsOf } from "../defaults/workload.js";
import type { Sections } from "../schema/sections.js";
import type { RuleContext } from "./rule.js";

type WrittenCollective = Extract<Sections["workload"], { kind: "collective" }>;

/**
 * Ranks that are there, each once in its group.
 * @param checkPart asked of each group as a fabric of its own
 */
export function checkGroups(
  { ranks = [], background }: WrittenCollective,
  topology: Ranked,
  checkPart: (part: Sections["topology"]) => void,
  context: RuleContext,
): void {
  if (background !== undefined) {
    context.fail(
      [["workload", "background"]],
      "ranks and background traffic at once; write jobs, one of them with background: true",
    );
  }
  const isOne = !Array.isArray(ranks[0]);
  groupsOf(ranks as WrittenRank[] | WrittenRank[][]).forEach((group, i) => {
    const at = (place: number): Path => ["workload", "ranks", ...(isOne ? [] : [i]), place];
    const numbers = checkRankList(group, topology, at, context);
    if (numbers === null) return;
    const { ofJob } = topology;
    checkPart(jobTopology(topology, ofJob === undefined ? numbers : numbers.map((rank) => ofJob[rank]!)));
  });
}

/** Numbers of listed ranks; null where one is not there, or is there twice. */
export function checkRankList(
  ranks: readonly WrittenRank[],
  topology: Ranked,
  at: (place: number) => Path,
  context: RuleContext,
): number[] | null {
  const numberOf = rankNumbers(topology);
  const count = rankCount(topology);
  const numbers: number[] = [];
  const places = new Map<number, number>();
  let isRight = true;
  ranks.forEach((rank, place) => {
    const number = numberOf(rank);
    if (number === null || number >= count) {
      context.fail([at(place)], `there is no rank ${rank}; write one from 0 to ${count - 1}`);
      isRight = false;
      return;
    }
    if (places.has(number)) {
      context.fail([at(place)], `rank ${rank} is listed twice; leave it out once`);
      isRight = false;
    }
    places.set(number, place);
    numbers.push(number);
  });
  return isRight ? numbers : null;
}
