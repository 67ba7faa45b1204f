/** Workload files of SimAI to graphs: docs/IMPORTS.md has what is read. */
import type { z } from "zod";
import { ParallelLayout } from "../../../build/training/layout.js";
import { PARALLELISMS } from "../../../plan/training/step.js";
import type { TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import type { TraceGraphs } from "../../../scenario/types/trace.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { TraceBuilder } from "../common/trace-builder.js";
import { parseSimai, type SimaiFile, type SimaiGroup } from "./parse.js";
import { type Use, workOf } from "./work.js";

type Options = z.output<typeof TRACE_FORMATS.simai>;

/** Of a server in SimAI's own fabrics. */
const GPUS_PER_NODE = 8;

export const simai: ImportFormat<Options> = {
  sentence: "A workload file of SimAI (AICB): one file.",
  async read(files, options): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined) second.fail("a workload of SimAI is one file; name one");
    const parsed = await parseSimai(file!);
    const layout = layoutOf(file!, parsed, options);
    const ranks = layout.rankCount;
    return {
      ranks,
      ...(ranks % GPUS_PER_NODE === 0 && { gpusPerNode: GPUS_PER_NODE }),
      workload: graphsOf(parsed, { layout, options }),
      notes: notesOf(parsed),
    };
  },
};

/** Ranks by the degrees of the header, those of tensor parallelism next to each other. */
function layoutOf(file: SourceFile, { header }: SimaiFile, options: Options): ParallelLayout {
  const { tp, pp, ep } = header;
  const gpus = header.gpus ?? options.gpus;
  if (gpus === undefined) return file.fail("its header has no all_gpus; write gpus: with their number", { line: 1 });
  if (header.gpus !== undefined && options.gpus !== undefined && options.gpus !== header.gpus) {
    file.fail(`all_gpus is ${header.gpus}, and gpus is ${options.gpus}; leave gpus out`, { line: 1 });
  }
  if (gpus % (tp * pp) !== 0) {
    file.fail(`tp ${tp} x pp ${pp} does not divide ${gpus} GPUs; write a multiple of ${tp * pp}`, { line: 1 });
  }
  const dp = gpus / (tp * pp);
  if (dp % ep !== 0) file.fail(`ep ${ep} does not divide ${dp} replicas of ${tp * pp} GPUs`, { line: 1 });
  return new ParallelLayout({ tp, pp, dp, ep, cp: 1 }, PARALLELISMS);
}

function notesOf({ header }: SimaiFile): string[] {
  if (header.pp === 1) return [];
  const what = `pp is ${header.pp}: its stages run side by side, as SimAI runs them`;
  return [`${what}; messages between stages (pp_comm) are no records, and are left out`];
}

interface Place {
  readonly layout: ParallelLayout;
  readonly options: Options;
}

/** All ranks do the same, each in its groups. */
function graphsOf({ records }: SimaiFile, { layout, options }: Place): TraceGraphs {
  const groupOf = groupsByRank(layout);
  const trace = new TraceBuilder(0);
  const isAlone = (group: SimaiGroup) => groupOf[group][0]!.length === 1;
  const { rank: work, uses } = workOf(records, isAlone, (name) => trace.label(name));
  const numbers = (rank: number) => uses.map((use) => communicatorOf(trace, use, groupOf[use.group][rank]!, options));
  const all = Array.from({ length: layout.rankCount }, (_, rank) => ({ ...work, slots: numbers(rank) }));
  return { ...trace.build(), ranks: all };
}

function groupsByRank(layout: ParallelLayout): Readonly<Record<SimaiGroup, readonly (readonly number[])[]>> {
  const byRank = (groups: readonly (readonly number[])[]) => {
    const list = new Array<readonly number[]>(layout.rankCount);
    for (const ranks of groups) for (const rank of ranks) list[rank] = ranks;
    return list;
  };
  return {
    tp: byRank(layout.groups(["tp"])),
    dp: byRank(layout.groups(["dp"])),
    ep: byRank(layout.expertGroups()),
    "dp-ep": byRank(layout.expertDataGroups()),
  };
}

function communicatorOf(trace: TraceBuilder, use: Use, ranks: readonly number[], { algorithms }: Options): number {
  const { name: collective, group, bytes } = use;
  return trace.communicator(`${group} ${collective} ${bytes} ${ranks[0]}`, () => {
    return { kind: "collective", collective, ranks, bytes, root: 0, algorithm: algorithms[collective] ?? "auto" };
  });
}
