/** Several results side by side, with the first as the base. */
import type { ResultDocument } from "../../answer/result/document.js";
import { digits, duration, exactDuration, percent } from "../../answer/text/units.js";
import { compareResults } from "../compare/compare.js";
import { type Column, type Content, html, type Section, table } from "./html.js";

const MAX_SETTINGS = 40;

/** A result and what it is called: its file. */
export interface NamedResult {
  readonly name: string;
  readonly result: ResultDocument;
}

export function comparison(given: readonly NamedResult[]): Section {
  if (given.length < 2) return null;
  const { settings, explanations, sides } = compareResults(
    given.map(({ name, result }) => ({ name, results: [result] })),
  );
  const right = (title: string): Column => ({ title, side: "right" });
  const base = given[0]!.result.jctNs;
  const rows = given.map(({ name, result }, i): readonly Content[] => [
    html`<a href="#run-${i + 1}">${name}</a>`,
    result.jctNs === null ? result.status : exactDuration(result.jctNs),
    i === 0 || base === null || result.jctNs === null ? "" : change(result.jctNs / base - 1),
    result.efficiency === null ? "-" : percent(result.efficiency),
    result.busbwGBps === null ? "-" : `${result.busbwGBps.toFixed(2)} GB/s`,
  ]);
  const columns = [{ title: "run" }, right("JCT"), right("change"), right("efficiency"), right("busbw")];
  return {
    title: "Comparison",
    body: [
      table(`${given.length} runs; changes are against the first`, columns, rows),
      settings.length > 0 &&
        table(
          "Settings that differ",
          [{ title: "setting" }, ...sides.map(({ name }) => ({ title: name }))],
          settings
            .slice(0, MAX_SETTINGS)
            .map(({ path, values }) => [path, ...values.map((value) => `${value ?? "-"}`)]),
        ),
      explanations.map(
        (causes, i) =>
          causes.length > 0 &&
          table(
            `Where the difference of ${sides[i + 1]!.name} to ${sides[0]!.name} comes from`,
            [{ title: "cause" }, right("before"), right("after"), right("change")],
            causes
              .filter(({ differenceNs }) => differenceNs !== 0)
              .map(({ cause, beforeNs, afterNs, differenceNs }) => [
                ...[cause, duration(beforeNs), duration(afterNs)],
                `${differenceNs > 0 ? "+" : "-"}${duration(Math.abs(differenceNs))}`,
              ]),
          ),
      ),
    ],
  };
}

function change(share: number): string {
  return `${share > 0 ? "+" : ""}${digits(100 * share)} %`;
}
