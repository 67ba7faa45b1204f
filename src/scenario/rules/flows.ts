/** What lists of flows that wait for each other, and flows that arrive at random, may ask for. */
import type { Path } from "../../util/document-path.js";
import { showKey } from "../../util/document-path.js";
import { rankNumbers } from "../defaults/ranks.js";
import { arrivalsOf, flowNumbers, pointsOf, type WrittenMessages } from "../defaults/workload.js";
import type { Sections } from "../schema/sections.js";
import { MAX_FLOWS } from "../types/patterns.js";
import { expectedFlows } from "../types/poisson.js";
import { distributionFault } from "../types/size-distributions.js";
import { didYouMean } from "../types/suggest.js";
import type { RuleContext } from "./rule.js";

/** A path below a place. */
type At = (...steps: Path) => Path;

/** What `pattern: poisson` needs. */
export function checkArrivals(written: WrittenMessages, at: At, context: RuleContext): void {
  const examples = { distribution: "web-search", load: "0.5", duration: "1ms" } as const;
  for (const [field, example] of Object.entries(examples)) {
    if (written[field as keyof typeof examples] !== undefined) continue;
    context.fail([at(field), at("pattern")], `missing; poisson needs a ${field}, e.g. ${field}: ${example}`);
  }
  const { distribution } = written;
  if (distribution === undefined || isFile(distribution)) return;
  const fault = distributionFault(pointsOf(distribution));
  if (fault !== null) context.fail([at("distribution")], fault);
}

/** A path that whoever read the document has not put the file in the place of. */
function isFile(distribution: NonNullable<WrittenMessages["distribution"]>): distribution is string {
  return typeof distribution === "string" && distribution.includes(".");
}

/** Random arrivals make a list of flows, which has a limit. */
export function checkArrivalCount(written: WrittenMessages, sections: Sections, at: At, context: RuleContext): void {
  const { pattern, distribution, load, duration } = written;
  if (pattern !== "poisson" || distribution === undefined || load === undefined || duration === undefined) return;
  if (isFile(distribution)) {
    context.fail([at("distribution")], `${showKey(distribution)} was not read; write the points themselves`);
    return;
  }
  if (distributionFault(pointsOf(distribution)) !== null) return;
  const flows = expectedFlows(arrivalsOf(written, sections));
  // The number varies by its root.
  if (flows + 6 * Math.sqrt(flows) <= MAX_FLOWS) return;
  const share = ((0.9 * MAX_FLOWS) / flows).toPrecision(2);
  context.fail(
    [at("duration"), at("load")],
    `about ${Math.round(flows)} flows arrive, at most ${MAX_FLOWS}; write ${share} of the duration or load`,
  );
}

/** Flows that wait for others: these exist, end where the flow starts, and form no circle. */
export function checkAfter(
  { flows }: WrittenMessages,
  topology: Sections["topology"],
  at: At,
  context: RuleContext,
): void {
  if (flows === undefined) return;
  const numberOf = rankNumbers(topology);
  checkNames(flows, at, context);
  if (!flows.some(({ after }) => after !== undefined)) return;
  const flowOf = flowNumbers(flows);
  const names = flows.flatMap(({ name }) => name ?? []);
  const ups = flows.map(({ src, after = [] }, i) =>
    after.flatMap((written, j) => {
      const path = at("flows", i, "after", j);
      const upstream = flowOf(written);
      if (upstream === undefined) {
        const right = typeof written === "number" ? `; write 0 to ${flows.length - 1}` : didYouMean(written, names);
        context.fail([path], `there is no flow ${typeof written === "number" ? written : showKey(written)}${right}`);
        return [];
      }
      const { dst } = flows[upstream]!;
      if (upstream !== i && numberOf(dst) !== numberOf(src)) {
        context.fail(
          [path],
          `flow ${i} starts at ${src} and cannot know of flow ${upstream}, which ends at ${dst}; a flow waits for those that end where it starts`,
        );
      }
      return [upstream];
    }),
  );
  const circle = circleOf(ups);
  if (circle !== null) {
    context.fail(
      [at("flows", circle[0]!, "after")],
      `flows wait for each other in a circle: ${circle.join(" after ")}`,
    );
  }
}

function checkNames(flows: NonNullable<WrittenMessages["flows"]>, at: At, context: RuleContext): void {
  const seen = new Set<string>();
  flows.forEach(({ name }, i) => {
    if (name === undefined) return;
    if (seen.has(name)) {
      context.fail([at("flows", i, "name")], `there is a flow ${showKey(name)} already; give it another name`);
    }
    seen.add(name);
  });
}

/** A circle of flows, its first one once more at the end; null where there is none. */
function circleOf(ups: readonly (readonly number[])[]): readonly number[] | null {
  const state = new Uint8Array(ups.length);
  for (let start = 0; start < ups.length; start++) {
    if (state[start] !== 0) continue;
    const path = [start];
    const next = [0];
    state[start] = 1;
    while (path.length > 0) {
      const flow = path.at(-1)!;
      const up = ups[flow]![next[next.length - 1]!++];
      if (up === undefined) {
        state[flow] = 2;
        path.pop();
        next.pop();
      } else if (state[up] === 1) {
        return [...path.slice(path.indexOf(up)), up];
      } else if (state[up] === 0) {
        state[up] = 1;
        path.push(up);
        next.push(0);
      }
    }
  }
  return null;
}
