/** What a fabric offers and its workload asks for, in words. */
import { columns, fact } from "../text/layout-text.js";
import { bytes, count, counted, percent } from "../text/units.js";
import type { PathDiversity } from "./paths.js";
import type { TrafficReport } from "./traffic.js";

export function diameterFact({ diameterLinks, leaves }: PathDiversity): readonly string[] {
  if (diameterLinks === 0) return [];
  const some = leaves.searched < leaves.all ? ` (from ${leaves.searched} of ${leaves.all} leaves)` : "";
  return [fact("Diameter", `${diameterLinks} links, ${counted(diameterLinks - 1, "switch", "switches")}${some}`)];
}

/** Distance, share of pairs, links, and numbers of paths. */
export function pathRows({ classes, apartPairs }: PathDiversity): string[][] {
  const all = classes.reduce((sum, { pairs }) => sum + pairs, apartPairs);
  const rows = classes.map(({ switches, links, pairs, fewestPaths, mostPaths }) => [
    counted(switches, "switch", "switches"),
    `${links} links`,
    `${percent(pairs / all)} of pairs`,
    fewestPaths === mostPaths
      ? counted(mostPaths, "path")
      : `${count(fewestPaths)} to ${counted(mostPaths, "path")} each`,
  ]);
  if (apartPairs > 0) rows.push(["", "", `${percent(apartPairs / all)} of pairs`, "none: different planes"]);
  return rows;
}

export function trafficLines({ bytes: total, talkingPairs, allPairs, localities, rails }: TrafficReport): string[] {
  const share = (part: number) => (total === 0 ? "0 %" : percent(part / total));
  const talking = allPairs === 0 ? "" : `, ${percent(talkingPairs / allPairs)} of ${count(allPairs)}`;
  const rows = localities.map(({ locality, bytes: part, pairs }) => [
    locality,
    locality === "switches" ? counted(pairs, "rank") : counted(pairs, "pair"),
    bytes(part),
    share(part),
  ]);
  const overFabric = rails === null ? 0 : rails.sameBytes + rails.crossBytes;
  return [
    fact("Payload sent", bytes(total)),
    ...(talkingPairs === 0 ? [] : [fact("Pairs that talk", `${count(talkingPairs)}${talking}`)]),
    ...(rails === null || overFabric === 0
      ? []
      : [
          fact(
            "Rails",
            `${rails.count}; of the fabric's bytes ${percent(rails.sameBytes / overFabric)} stay on theirs, ` +
              `${percent(rails.crossBytes / overFabric)} cross`,
          ),
        ]),
    ...columns(rows, ["left", "right", "right", "right"]).map((line) => `  ${line}`),
  ];
}
