/** Chakra execution traces to graphs: docs/IMPORTS.md has what is read. */
import type { z } from "zod";
import { gpuOf } from "../../../scenario/defaults/training.js";
import type { TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { TraceBuilder } from "../common/trace-builder.js";
import { Communications } from "./communication.js";
import { ProcessGroups } from "./groups.js";
import { readRank } from "./rank.js";

type Options = z.output<typeof TRACE_FORMATS.chakra>;

/** Of all ranks. */
const MAX_NODES = 2 ** 24;
const MAX_RANKS = 2 ** 17;

export const chakra: ImportFormat<Options> = {
  sentence: "Chakra execution traces: a file PREFIX.<rank>.et for each rank, and maybe process groups as .json.",
  async read(files, options): Promise<Imported> {
    const traces = byRank(
      files.filter(({ name }) => !name.endsWith(".json")),
      files[0]!,
    );
    const trace = new TraceBuilder(traces.length);
    const groups = new ProcessGroups(traces.length);
    for (const file of files) if (file.name.endsWith(".json")) await groups.readJson(file);
    const communications = new Communications(trace, groups, traces.length, options.algorithms);
    let nodes = 0;
    const count = (file: SourceFile) => {
      if (++nodes > MAX_NODES) file.fail(`more than ${MAX_NODES} nodes in all files, the most that a run may have`);
    };
    const compute = { by: options.compute, gpu: gpuOf(options.gpu), precision: options.precision };
    for (let rank = 0; rank < traces.length; rank++) {
      await readRank(traces[rank]!, rank, { trace, communications, groups, compute, count });
    }
    communications.finish(traces);
    return { ranks: traces.length, workload: trace.build(), notes: [] };
  },
};

/** Files by the rank in their names. */
function byRank(files: readonly SourceFile[], first: SourceFile): SourceFile[] {
  if (files.length === 0) first.fail("there is no trace among the files; their names end in .<rank>.et");
  if (files.length > MAX_RANKS) first.fail(`more than ${MAX_RANKS} traces`);
  const ranks: (SourceFile | undefined)[] = new Array(files.length).fill(undefined);
  for (const file of files) {
    const [, digits] = /\.(\d{1,7})\.et$/.exec(file.name) ?? [];
    if (digits === undefined) file.fail("no rank in its name; a trace of rank 3 is called e.g. llm.3.et");
    const rank = Number(digits);
    if (rank >= files.length) file.fail(`rank ${rank} of ${files.length} files; there is one for each rank from 0`);
    if (ranks[rank] !== undefined) file.fail(`rank ${rank} has the file ${ranks[rank]!.name} too`);
    ranks[rank] = file;
  }
  return ranks as SourceFile[];
}
