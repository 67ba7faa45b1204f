/** Lines at which optical modules warn and alarm. */
import type { Sections } from "../schema/sections.js";
import type { Rule, RuleContext } from "./rule.js";

export const opticLineRules: Rule[] = [{ needs: ["optics"], check }];

function check({ optics }: Sections, context: RuleContext): void {
  const { warning, alarm, laser, txPower, linkLoss } = optics;
  for (const key of ["temperature", "preFecBer", "bias"] as const) {
    const [first, last] = [warning[key], alarm[key]];
    if (first === undefined || last === undefined || first <= last) continue;
    fail(context, key, "the warning lies beyond the alarm; write a warning that comes first");
  }
  if (warning.rxPower !== undefined && alarm.rxPower !== undefined && warning.rxPower < alarm.rxPower) {
    fail(context, "rxPower", "the warning lies beyond the alarm; write a warning that comes first");
  }
  const needs = [
    ["rxPower", txPower !== undefined && linkLoss !== undefined, "txPower and linkLoss"],
    ["bias", laser !== undefined, "laser"],
  ] as const;
  for (const [key, isKnown, what] of needs) {
    if (isKnown || (warning[key] === undefined && alarm[key] === undefined)) continue;
    fail(context, key, `a line for what is not known; write ${what}, too`);
  }
  if (laser !== undefined && laser.threshold > laser.bias) {
    context.fail(
      [["optics", "laser", "threshold"]],
      "is above the bias: the laser gives no light; write a smaller one",
    );
  }
}

/** At the line that is written. */
function fail(context: RuleContext, key: string, message: string): void {
  context.fail([["optics", "warning", key], ["optics", "alarm", key], ["optics"]], message);
}
