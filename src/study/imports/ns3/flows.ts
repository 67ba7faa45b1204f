/** Flow files: `src dst pg dport bytes start`, starts in seconds. */
import { LARGEST_START_PS } from "../../../scenario/schema/workload.js";
import type { SourceFile } from "../common/source.js";
import { type Line, number, whole } from "./words.js";

export interface Ns3Flow {
  readonly src: number;
  readonly dst: number;
  readonly bytes: number;
  readonly startPs: number;
  readonly group: number;
  readonly line: number;
}

const MAX_FLOWS = 2 ** 20;

export function readFlows(file: SourceFile, lines: readonly Line[]): Ns3Flow[] {
  const [head, ...rest] = lines as [Line, ...Line[]];
  const count = whole(file, "the number of flows", head.words[0], head.line);
  if (rest.length !== count || count === 0) {
    file.fail(`there are ${rest.length} flows; the first line says ${count}`, rest.at(-1) ?? head);
  }
  if (count > MAX_FLOWS) file.fail(`${count} flows; at most ${MAX_FLOWS}`, head);
  return rest.map(({ words, line }) => {
    if (words.length !== 6) file.fail("write src dst pg dport bytes start, the start in seconds", { line });
    const at = (i: number, what: string) => whole(file, what, words[i], line);
    const bytes = at(4, "the size");
    if (bytes === 0) file.fail("the size is 0; write bytes from 1 on", { line });
    at(3, "dport");
    const startPs = Math.round(number(file, "the start", words[5], line) * 1e12);
    if (startPs > LARGEST_START_PS) file.fail(`the start is after ${LARGEST_START_PS / 1e12} s`, { line });
    return { src: at(0, "the source"), dst: at(1, "the destination"), group: at(2, "pg"), bytes, startPs, line };
  });
}
