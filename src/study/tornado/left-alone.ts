/** Numbers that are not varied unless they are named, and why. */

const FABRIC = "changes the fabric";
const TRAFFIC = "changes who sends to whom";

const STRUCTURAL: readonly (readonly [RegExp, string])[] = [
  [/^topology\.(gpus|gpusPerNode|radix|tiers|oversubscription|spines)$/, FABRIC],
  [/^topology\.links\[\d+\]\.count$/, FABRIC],
  [/^workload\.(background\.)?(seed|by|target|fanOut|senders|group|width)$/, TRAFFIC],
  [/^workload\.(background\.)?flows\[\d+\]\.(src|dst)$/, TRAFFIC],
  [/^workload\.channels$/, TRAFFIC],
  [/^faults\[\d+\]\.index$/, "names a link"],
  [/^routing\.stateWords$/, "is the memory of a policy"],
  [/^timeLimit$/, "cuts the run off"],
];

const LONG_LIST = 8;

/** @param lengthOf of the list that a path leads to */
export function reasonToLeaveAlone(name: string, lengthOf: (list: string) => number): string | undefined {
  const structural = STRUCTURAL.find(([pattern]) => pattern.test(name));
  if (structural !== undefined) return structural[1];
  const list = /^(.*?)\[\d+\]/.exec(name)?.[1];
  return list !== undefined && lengthOf(list) > LONG_LIST ? `one of many ${list}` : undefined;
}
