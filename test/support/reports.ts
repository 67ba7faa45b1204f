import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { ResultDocument } from "../../src/answer/result/document.js";

/** A scenario of test/data/reports; a comment at its head says what is right. */
// biome-ignore lint/suspicious/noExplicitAny: scenarios are plain data here, to be edited by tests
export function readReport(name: string): any {
  return parse(readFileSync(new URL(`../data/reports/${name}.yaml`, import.meta.url), "utf8"));
}

/** A direction of a link that is among the hottest of a result. */
export function linkOf({ links }: ResultDocument, from: string, to: string) {
  const link = links.hottest.find((entry) => entry.from === from && entry.to === to);
  if (link === undefined) throw new Error(`${from} -> ${to} is not listed`);
  return link;
}
