/** Which data classes there are, and that traffic names no others. */

import type { Path } from "../../util/document-path.js";
import { showKey } from "../../util/document-path.js";
import { DROP_RULES, hasRules, PAUSE_RULES } from "../defaults/classes.js";
import { messagesOf } from "../defaults/workload.js";
import type { Sections } from "../schema/sections.js";
import { didYouMean } from "../types/suggest.js";
import type { Rule, RuleContext } from "./rule.js";

export const classRules: Rule[] = [
  { needs: ["classes"], check: checkNames },
  { needs: ["classes", "workload"], check: checkUse },
  { needs: ["classes", "flowControl"], check: checkRules },
];

function checkNames({ classes = [] }: Sections, context: RuleContext): void {
  const names = new Set<string>();
  classes.forEach(({ name }, i) => {
    if (names.has(name))
      context.fail([["classes", i, "name"]], `there is a class ${showKey(name)} already; give it another name`);
    names.add(name);
  });
}

/** Rules of a class are those of the flow control that it has. */
function checkRules({ classes = [], flowControl: { kind } }: Sections, context: RuleContext): void {
  classes.forEach((written, i) => {
    const at = (field: string): Path[] => [["classes", i, field]];
    if (classes.length === 1 && hasRules(written)) {
      context.fail([["classes", i]], "a class alone has the rules of all; write them under flowControl and ecn");
      return;
    }
    if (!written.lossless && kind !== "pfc") {
      const why = kind === "none" ? "no class is lossless without flow control" : "links on credit lose nothing";
      context.fail(at("lossless"), `${why}; write flowControl: { kind: pfc }, or leave lossless out`);
      return;
    }
    const isDropped = kind === "none" || !written.lossless;
    for (const field of isDropped ? PAUSE_RULES : DROP_RULES) {
      if (written[field] === undefined) continue;
      const what = isDropped ? "this class is dropped, never paused" : "this class is never dropped";
      const instead = isDropped ? DROP_RULES : PAUSE_RULES;
      context.fail(at(field), `${what}; ${kind === "credit" ? "leave it out" : `it may have ${instead.join(", ")}`}`);
    }
    for (const field of kind === "credit" ? PAUSE_RULES : []) {
      if (written[field] === undefined) continue;
      context.fail(at(field), "links on credit pause no class; leave it out, or write flowControl: { kind: pfc }");
    }
  });
}

function checkUse({ classes = [], workload }: Sections, context: RuleContext): void {
  const known = classes.map(({ name }) => name);
  const check = (name: string | undefined, path: Path) => {
    if (name === undefined || known.includes(name)) return;
    const advice =
      known.length === 0
        ? `write classes: [{ name: ${showKey(name)} }, …] beside the workload, or leave it out`
        : `classes are ${known.join(", ")}`;
    context.fail([path], () => `there is no class ${showKey(name)}${didYouMean(name, known)}; ${advice}`);
  };
  if ("communicators" in workload) {
    workload.communicators.forEach((each, i) => {
      check(each.class, ["workload", "communicators", i, "class"]);
    });
  }
  if (workload.kind === "collective") check(workload.class, ["workload", "class"]);
  const found = messagesOf(workload);
  if (found === undefined) return;
  const { messages, path } = found;
  check(messages.class, [...path, "class"]);
  messages.flows?.forEach((flow, i) => {
    check(flow.class, [...path, "flows", i, "class"]);
  });
}
