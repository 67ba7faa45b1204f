/** Flows of a file: that it was read, and that its ranks and classes are there. */
import type { Path } from "../../util/document-path.js";
import { showKey } from "../../util/document-path.js";
import { rankCount, rankNumbers } from "../defaults/ranks.js";
import { messagesOf } from "../defaults/workload.js";
import type { Sections } from "../schema/sections.js";
import { type FlowTable, rankIn } from "../types/flow-table.js";
import { didYouMean } from "../types/suggest.js";
import type { Rule, RuleContext } from "./rule.js";

export const flowFileRules: Rule[] = [
  {
    needs: ["workload"],
    check: ({ workload }, context) => {
      const { file, path } = namedBy(workload);
      if (file === undefined || context.flowFiles(file) !== undefined) return;
      const who = "heddle run, validate and topo read it, and programs that pass flowFiles to the parser";
      context.fail([path], `the flows of ${showKey(file)} have not been read: ${who}; here, write them under flows`);
    },
  },
  { needs: ["workload", "topology"], check: checkRanks },
  { needs: ["workload", "classes"], check: checkClasses },
];

/** The file that a workload or its background names, and where. */
function namedBy(workload: Sections["workload"]): { file: string | undefined; path: Path } {
  const { messages, path } = { path: [], ...messagesOf(workload) };
  return { file: messages?.file, path: [...path, "file"] };
}

function tableOf(workload: Sections["workload"], context: RuleContext): { table: FlowTable | undefined; path: Path } {
  const { file, path } = namedBy(workload);
  return { table: file === undefined ? undefined : context.flowFiles(file), path };
}

function checkRanks({ workload, topology }: Sections, context: RuleContext): void {
  const { table, path } = tableOf(workload, context);
  if (table === undefined) return;
  const ranks = rankCount(topology);
  const numberOf = rankNumbers(topology);
  const numbers = table.names.map((name) => numberOf(name) ?? Number.POSITIVE_INFINITY);
  const numberAt = (value: number) => (value < 0 ? numbers[-1 - value]! : value);
  const { count, src, dst, line, file } = table;
  for (let i = 0; i < count; i++) {
    const [from, to] = [numberAt(src[i]!), numberAt(dst[i]!)];
    for (const [number, written] of [[from, src[i]!] as const, [to, dst[i]!] as const]) {
      if (number < ranks) continue;
      const rank = rankIn(table, written);
      const what = typeof rank === "number" ? `rank ${rank}` : showKey(rank);
      context.failIn(file, line[i]!, path, `there is no ${what}; write a rank from 0 to ${ranks - 1}, or its name`);
    }
    if (from === to && from < ranks) {
      context.failIn(file, line[i]!, path, "a flow from a rank to itself; name two ranks");
    }
  }
}

function checkClasses({ workload, classes = [] }: Sections, context: RuleContext): void {
  const { table, path } = tableOf(workload, context);
  if (table === undefined) return;
  const known = classes.map(({ name }) => name);
  const isKnown = table.classNames.map((name) => known.includes(name));
  if (isKnown.every(Boolean)) return;
  const advice = known.length === 0 ? "the scenario has no classes" : `classes are ${known.join(", ")}`;
  for (let i = 0; i < table.count; i++) {
    const index = table.dataClass[i]!;
    if (index < 0 || isKnown[index]) continue;
    const name = table.classNames[index]!;
    context.failIn(table.file, table.line[i]!, path, () => {
      return `there is no class ${showKey(name)}${didYouMean(name, known)}; ${advice}`;
    });
  }
}
