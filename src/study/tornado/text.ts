/** A tornado as a table for people. */
import { bytes, percent } from "../../answer/text/units.js";
import { WIDTH, wrap } from "../../util/wrap.js";
import { formatMetric, metricOf } from "../sweep/metric.js";
import { formatColumns } from "../sweep/table.js";
import type { NotVaried, Written } from "../sweep/tornado-plan.js";
import type { Effect, SideEffect, TornadoReport } from "./effects.js";

const MAX_ROWS = 40;

/**
 * The table, the most effect first; then what has none, what was refused, and what was not varied,
 * each with its reason.
 */
export function formatTornado(report: TornadoReport): string {
  const { scenario, metric, share, seeds, base, effects, notVaried } = report;
  const over = seeds.length > 1 ? `, means over ${seeds.length} seeds` : "";
  const itself = base === null ? "not known" : formatMetric(metric, base.value);
  const isStill = ({ swing, low, high }: Effect) => swing === 0 && low.problem === null && high.problem === null;
  const shown = effects.filter((effect) => !isStill(effect));
  const still = effects.filter(isStill).map(({ name }) => name);
  const parts = [
    `${scenario}: ${metricOf(metric).name} ${itself}; each parameter by ${percent(share)} down and up${over}\n`,
    table(shown.slice(0, MAX_ROWS), report),
    shown.length > MAX_ROWS ? `… ${shown.length - MAX_ROWS} more: --json has all\n` : "",
    problems(effects),
    still.length > 0 ? lines(`No effect (swing 0): ${still.join(", ")}`, 0) : "",
    reasons(notVaried),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function table(effects: readonly Effect[], { metric, base, seeds }: TornadoReport): string {
  if (effects.length === 0) return "";
  const hasChance = seeds.length > 1;
  const sideOf = ({ mean, problem }: SideEffect) => (mean === null ? WORDS[problem!.kind] : formatMetric(metric, mean));
  const middle = base === null ? "-" : formatMetric(metric, base.value);
  const rows = effects.map(({ name, base: value, low, high, swing, elasticity, isSignificant }) => [
    name,
    showWritten(low.value),
    showWritten(value),
    showWritten(high.value),
    sideOf(low),
    middle,
    sideOf(high),
    swing === null ? "-" : percent(swing),
    elasticity === null ? "-" : elasticity.toFixed(2),
    ...(hasChance ? [isSignificant || swing === null ? "" : "within chance"] : []),
  ]);
  const header = [
    "parameter",
    "low",
    "base",
    "high",
    `${metricOf(metric).name} low`,
    "base",
    "high",
    "swing",
    "elasticity",
  ];
  return formatColumns([[...header, ...(hasChance ? [""] : [])], ...rows], 1);
}

/** A sentence in lines, all but the first further in. */
function lines(text: string, indent: number): string {
  return wrap(text, WIDTH - indent - 2)
    .map((line, i) => `${" ".repeat(i === 0 ? indent : indent + 2)}${line}\n`)
    .join("");
}

const LONGEST_SHOWN = 8;
const LONGEST_BYTES = 4;
const DIGITS = 4;

/** A parameter's value, rounded where it is long. */
export function showWritten(value: Written): string {
  if (typeof value === "number") return `${Number(value.toPrecision(DIGITS))}`;
  const [, number, unit] = /^([\d.]+)(\D+)$/.exec(value) ?? [];
  // Beside 4MiB a 3774874B says nothing.
  if (unit === "B" && value.length > LONGEST_BYTES) return bytes(Number(number));
  if (value.length <= LONGEST_SHOWN) return value;
  return unit === undefined ? value : `${Number(Number(number).toPrecision(DIGITS))}${unit}`;
}

const WORDS = { refused: "refused", missing: "missing", unfinished: "stuck" } as const;

function problems(effects: readonly Effect[]): string {
  const found = effects.flatMap(({ name, low, high }) =>
    [low, high].flatMap(({ value, problem }) =>
      problem === null ? [] : [lines(`${name}=${value} ${WORDS[problem.kind]}: ${problem.message}`, 2)],
    ),
  );
  return found.length === 0 ? "" : `Values that came to nothing:\n${found.join("")}`;
}

/** Parameters by reason. */
function reasons(notVaried: readonly NotVaried[]): string {
  if (notVaried.length === 0) return "";
  const names = new Map<string, string[]>();
  for (const { name, reason } of notVaried) names.set(reason, [...(names.get(reason) ?? []), name]);
  return `Not varied:\n${[...names].map(([reason, list]) => lines(`${list.join(", ")}: ${reason}`, 2)).join("")}`;
}
