/** Algorithms of MSCCL to graphs: docs/IMPORTS.md has what is read. */
import type { z } from "zod";
import type { TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { SourceFile } from "../common/source.js";
import { cyclicNode } from "../common/trace-builder.js";
import type { Algorithm } from "./algorithm.js";
import { connectionsOf } from "./connections.js";
import { graphOf, type Sizes } from "./graph.js";
import { CHECKED, checkMeaning } from "./meaning.js";
import { readPlan } from "./plan.js";
import { planGraph } from "./plan-graph.js";
import { readAlgorithm } from "./read-xml.js";

type Options = z.output<typeof TRACE_FORMATS.msccl>;

const MAX_NODES = 2 ** 24;

export const msccl: ImportFormat<Options> = {
  sentence: "an algorithm of MSCCL (XML), or a plan of MSCCL++ (.json): one file.",
  async read(files, options): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined) second.fail("an algorithm is one file; name one");
    if (file!.name.endsWith(".json")) return planOf(file!, options);
    const algorithm = await readAlgorithm(file!);
    connectionsOf(algorithm);
    checkMeaning(algorithm);
    const { chunksPerLoop, gpus } = algorithm;
    const steps = gpus.reduce((sum, { blocks }) => sum + blocks.reduce((n, tb) => n + tb.steps.length, 0), 0);
    const sizes = sizesOf({ file: file!, chunks: chunksPerLoop, steps }, options);
    return { ranks: algorithm.gpus.length, workload: graphOf(algorithm, sizes), notes: notesOf(algorithm) };
  },
};

/** A plan of MSCCL++. */
async function planOf(file: SourceFile, options: Options): Promise<Imported> {
  const plan = await readPlan(file);
  const steps = plan.gpus.reduce((sum, gpu) => sum + gpu.reduce((n, ops) => n + ops.length, 0), 0);
  const workload = planGraph(plan, sizesOf({ file, chunks: plan.chunks, steps }, options));
  for (const { graph } of workload.ranks) {
    if (cyclicNode(graph) !== undefined)
      file.fail("operations wait for one another in a circle: the plan does not end");
  }
  const note = "the outcome of a plan of MSCCL++ is not checked, but that it comes to its end";
  return { ranks: plan.gpus.length, workload, notes: [note] };
}

interface Extent {
  readonly file: SourceFile;
  /** Chunks of the larger buffer. */
  readonly chunks: number;
  readonly steps: number;
}

/** Chunks of at most `chunk` bytes go in as many rounds as that takes. */
function sizesOf({ file, chunks, steps }: Extent, options: Options): Sizes {
  const whole = Math.ceil(options.size / chunks);
  const rounds = options.chunk === undefined ? 1 : Math.ceil(whole / options.chunk);
  if (3 * steps * rounds > MAX_NODES) {
    file.fail(`${rounds} rounds of ${steps} steps; write a larger chunk: a run has at most ${MAX_NODES} nodes`);
  }
  return { chunkBytes: Math.ceil(whole / rounds), rounds, reducePs: options.reduce, copyPs: options.copy };
}

function notesOf({ protocol, collective }: Algorithm): string[] {
  const notes: string[] = [];
  if (protocol !== "Simple") notes.push(`proto="${protocol}" has no part in it: bytes are sent as they are`);
  if (!CHECKED.some((each) => each === collective)) {
    notes.push(`what ${JSON.stringify(collective)} promises is not known: the outcome was not checked`);
  }
  return notes;
}
