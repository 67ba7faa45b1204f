/** Numbers that are not varied unless they are named, and why. */

const FABRIC = "changes the fabric";
const TRAFFIC = "changes who sends to whom";

const STRUCTURAL: readonly (readonly [RegExp, string])[] = [
  [/^topology\.(gpus|gpusPerNode|radix|tiers|oversubscription|spines)$/, FABRIC],
  [/^links\.\w+\.portRate$/, FABRIC],
  [/^topology\.links\[\d+\]\.count$/, FABRIC],
  [/^workload\.(background\.)?(seed|by|target|fanOut|senders|group|width)$/, TRAFFIC],
  [/^workload\.(background\.)?flows\[\d+\]\.(src|dst)$/, TRAFFIC],
  [/^workload\.channels$/, TRAFFIC],
  [/^faults\[\d+\]\.index$/, "names a link"],
  [/^routing\.stateWords$/, "is the memory of a policy"],
  [/^optics\./, "changes what modules tell, and not the run"],
  [/^timeLimit$/, "cuts the run off"],
];

const LONG_LIST = 8;

/** @param fields all numbers of the scenario, by their names */
export function reasonToLeaveAlone(name: string, fields: readonly { readonly name: string }[]): string | undefined {
  const structural = STRUCTURAL.find(([pattern]) => pattern.test(name));
  if (structural !== undefined) return structural[1];
  const list = /^(.*?)\[\d+\]/.exec(name)?.[1];
  return list !== undefined && lengthOf(list, fields) > LONG_LIST ? `one of many ${list}` : undefined;
}

/** Entries of a list that have numbers. */
function lengthOf(list: string, fields: readonly { readonly name: string }[]): number {
  const entries = fields.flatMap(({ name }) =>
    name.startsWith(`${list}[`) ? (/^\d+/.exec(name.slice(list.length + 1))?.[0] ?? []) : [],
  );
  return new Set(entries).size;
}
