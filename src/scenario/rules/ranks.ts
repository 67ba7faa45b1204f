/** Ranks that a scenario names. */
import type { Path } from "../../util/document-path.js";
import { showKey } from "../../util/document-path.js";
import { hostsInOrder } from "../defaults/links.js";
import { rankCount, rankNumbers, type WrittenRank } from "../defaults/ranks.js";
import type { Sections } from "../schema/sections.js";
import { didYouMean } from "../types/suggest.js";
import type { RuleContext } from "./rule.js";

/** The number of a rank; null where its name is that of none. */
export type ResolveRank = (rank: WrittenRank, path: Path) => number | null;

export function rankResolver(topology: Sections["topology"], context: RuleContext): ResolveRank {
  const ranks = rankCount(topology);
  const numberOf = rankNumbers(topology);
  const hosts = topology.kind === "custom" ? hostsInOrder(topology).slice(0, 1000) : [];
  return (rank, path) => {
    const number = numberOf(rank);
    if (number === null) {
      const right = hosts.length > 0 ? "" : `; write a rank from 0 to ${ranks - 1}, or gpu-0 to gpu-${ranks - 1}`;
      context.fail([path], () => {
        const name = String(rank);
        const names = hosts.length > 0 ? hosts : [`gpu-${Number(/\d*$/.exec(name)![0])}`];
        return `there is no host ${showKey(name)}${didYouMean(name, names)}${right}`;
      });
    } else if (number >= ranks) {
      const what = typeof rank === "number" ? `rank ${rank}` : rank;
      const range = typeof rank === "number" ? `0 to ${ranks - 1}` : `gpu-0 to gpu-${ranks - 1}`;
      context.fail([path], `there is no ${what}; write one from ${range}`);
    }
    return number;
  };
}
