/** Connection matrices of htsim: docs/IMPORTS-FABRICS.md has what is read. */
import type { z } from "zod";
import { HTSIM_BINARIES, type TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import { LARGEST_START_PS } from "../../../scenario/schema/workload.js";
import type { FlowsWorkload } from "../../../scenario/types/scenario.js";
import { listOf } from "../../../util/list-of.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { type Connection, type ConnectionMatrix, parseMatrix } from "./parse.js";
import { triggeredGraphs } from "./triggers.js";

type Options = z.output<typeof TRACE_FORMATS.htsim>;

export const htsim: ImportFormat<Options> = {
  sentence: "A connection matrix (.cm) of htsim: one file.",
  async read(files, options): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined)
      second.fail("a connection matrix is one file; a .topo is read by heddle import htsim-topo");
    const matrix = await parseMatrix(file!);
    const { startPs, notes } = startTimes(file!, matrix, options);
    if (matrix.unread.size > 0) notes.push(`words that are not read: ${listOf([...matrix.unread])}`);
    const hasTriggers = matrix.connections.some(({ trigger }) => trigger !== undefined);
    const workload = hasTriggers
      ? triggeredGraphs(file!, matrix, { startPs, sendDone: options.sendDone })
      : flowsOf(matrix, startPs);
    return { ranks: matrix.nodes, workload, notes };
  },
};

function flowsOf({ connections }: ConnectionMatrix, startPs: Float64Array): FlowsWorkload {
  const flows = connections.map(({ src, dst, bytes }, i) => ({ src, dst, bytes, startPs: startPs[i]! }));
  return { kind: "flows", flows };
}

/** What binaries make of `start`, in ps of one. */
const UNITS = { ps: 1, us: 1e6, "whole us": 1e6, none: 0 } as const;

/** Starts in ps; of connections that triggers start, 0. Binaries read one number in three ways. */
function startTimes(file: SourceFile, { connections }: ConnectionMatrix, { binary }: Options) {
  const startPs = new Float64Array(connections.length);
  const first = connections.find(({ start }) => start !== undefined && start > 0);
  if (first === undefined) return { startPs, notes: [] as string[] };
  if (binary === undefined) {
    const list = Object.entries(HTSIM_BINARIES).map(([name, unit]) => `${name} (${unit})`);
    return file.fail(
      `start ${first.start} may be ps, us or nothing: that differs by binary; write binary: ${listOf(list, "or")}`,
      { line: first.line },
    );
  }
  const unit = HTSIM_BINARIES[binary];
  connections.forEach((connection, i) => {
    startPs[i] = unit === "none" ? 0 : startOf(file, connection, unit);
  });
  const notes = unit === "none" ? [`${binary} ignores start: all connections start at 0`] : [];
  return { startPs, notes };
}

function startOf(file: SourceFile, { start = 0, line }: Connection, unit: keyof typeof UNITS): number {
  const ps = Math.round((unit === "whole us" ? Math.floor(start) : start) * UNITS[unit]);
  if (ps > LARGEST_START_PS)
    file.fail(`start ${start} is ${ps / 1e12} s; at most ${LARGEST_START_PS / 1e12} s`, { line });
  return ps;
}
