/** Algorithms of MSCCL to graphs: docs/IMPORTS.md has what is read. */
import type { z } from "zod";
import type { TRACE_FORMATS } from "../../../scenario/schema/trace.js";
import type { Imported, ImportFormat } from "../common/format.js";
import type { Algorithm } from "./algorithm.js";
import { connectionsOf } from "./connections.js";
import { graphOf, type Sizes } from "./graph.js";
import { CHECKED, checkMeaning } from "./meaning.js";
import { readAlgorithm } from "./read-xml.js";

type Options = z.output<typeof TRACE_FORMATS.msccl>;

const MOST_NODES = 2 ** 24;

export const msccl: ImportFormat<Options> = {
  sentence: "an algorithm of MSCCL: one XML file.",
  async read(files, options): Promise<Imported> {
    const [file, second] = files;
    if (second !== undefined) second.fail("an algorithm is one file; name one");
    const algorithm = await readAlgorithm(file!);
    connectionsOf(algorithm);
    checkMeaning(algorithm);
    const sizes = sizesOf(algorithm, options);
    return { ranks: algorithm.gpus.length, workload: graphOf(algorithm, sizes), notes: notesOf(algorithm) };
  },
};

/** Chunks of at most `chunk` bytes go in as many rounds as that takes. */
export function sizesOf(algorithm: Pick<Algorithm, "chunksPerLoop" | "gpus" | "file">, options: Options): Sizes {
  const whole = Math.ceil(options.size / algorithm.chunksPerLoop);
  const rounds = options.chunk === undefined ? 1 : Math.ceil(whole / options.chunk);
  const steps = algorithm.gpus.reduce((sum, { blocks }) => sum + blocks.reduce((n, tb) => n + tb.steps.length, 0), 0);
  if (3 * steps * rounds > MOST_NODES) {
    algorithm.file.fail(
      `${rounds} rounds of ${steps} steps; write a larger chunk: a run has at most ${MOST_NODES} nodes`,
    );
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
