/** Workloads in files of other programs: a row for each format that can be run. */
import { z } from "zod";
import { ALGORITHM_ROWS, COLLECTIVE_NAMES, COLLECTIVES, type CollectiveName } from "../../plan/collectives.js";
import { PRECISIONS } from "../../plan/training/gpus.js";
import { choice, faulty, guessFor, object, quantity, real, show, text, truth, whole } from "./fields.js";
import { gpu } from "./training.js";

const files = z
  .array(text(1024, "Path of a file, from the scenario's folder."), {
    error: (issue) => `${faulty(issue.input, "a list of files")}; write e.g. [trace.goal]`,
  })
  .min(1, { error: "the list of files is empty; write e.g. [trace.goal]" })
  .max(2 ** 20, { error: `more than ${2 ** 20} files` })
  .meta({ description: "The files, in or below the scenario's folder." });

/** A format, with options of its own. */
function format<const N extends string, S extends Readonly<Record<string, z.ZodType>>>(
  name: N,
  options: S,
  description: string,
) {
  const which = z.literal(name).meta({ description: "What the files are." });
  return object({ kind: z.literal("trace"), format: which, files, ...options }, description);
}

/** Algorithms of a collective that any group of ranks can do. */
function algorithmOf(collective: CollectiveName) {
  const plain = COLLECTIVES[collective].algorithms.filter((name) => {
    const { needsScaleUp, reducesIn } = ALGORITHM_ROWS[name];
    return !needsScaleUp && reducesIn === undefined;
  });
  return choice(["auto", ...plain], [], `Algorithm of each ${collective}.`).optional();
}

/** What a format asks of collectives that its files name. */
const algorithms = object(
  Object.fromEntries(COLLECTIVE_NAMES.map((name) => [name, algorithmOf(name)])),
  "Algorithm of each collective. Left out: auto, as NCCL's model chooses, protocol included.",
).prefault({});

/** What 1 of a `start` in a connection matrix is, by binary of htsim (csg and uet repositories). */
export const HTSIM_BINARIES = {
  "csg-eqds": "ps",
  "csg-ndp": "ps",
  "csg-roce": "none",
  "csg-hpcc": "none",
  swift: "us",
  "uet-uec": "whole us",
  "uet-eqds": "whole us",
  "uet-roce": "us",
  "uet-ndp": "ps",
  "uet-hpcc": "none",
} as const;
type HtsimBinary = keyof typeof HTSIM_BINARIES;

/** Of algorithms, which hold for any size. */
const algorithmOptions = {
  size: quantity("size", {
    description: "Bytes of each rank's buffer, the larger one where that for sending and for receiving differ.",
    min: "1B",
    examples: ["64MiB"],
  }),
  chunk: quantity("size", {
    description: "Largest chunk: larger ones go in several rounds of the algorithm. Left out: one round.",
    min: "1B",
  }).optional(),
  reduce: quantity("time", { description: "Time of a reduction of one step.", max: "1s" }).prefault("0ns"),
  copy: quantity("time", { description: "Time of a copy within a GPU of one step.", max: "1s" }).prefault("0ns"),
};

const gpuPlace = whole(0, 4095, "Number of a GPU in its node, from 0.");

/** Formats of workloads; the readers are in study/imports, a folder each. */
export const TRACE_FORMATS = {
  goal: format(
    "goal",
    {
      unit: quantity("time", {
        description: "What 1 of a calc is.",
        min: "1ps",
        max: "1s",
        examples: ["1ns"],
      }).prefault("1ns"),
      overhead: quantity("time", {
        description: "LogGOPS o: time of the cpu for each message sent, and for each one received.",
        max: "1s",
      }).prefault("0ns"),
      overheadPerByte: real(0, 1e6, "LogGOPS O: the same for each byte but the first, in ps.").prefault(0),
      rendezvous: quantity("size", {
        description: "LogGOPS S: senders of larger messages wait for the receiver. Left out: none does.",
        min: "1B",
      }).optional(),
      oneNic: truth("Messages of all nics go over the one NIC of the rank; false refuses other nics than 0.").prefault(
        false,
      ),
    },
    "GOAL text, of LogGOPSim, Schedgen or ATLAHS: one file.",
  ),
  chakra: format(
    "chakra",
    {
      compute: choice(
        ["auto", "duration", "roofline"],
        [],
        "How long nodes compute: by duration_micros, or by num_ops and tensor_size on the GPU. auto: by its duration where a node has one.",
      ).prefault("auto"),
      gpu,
      algorithms,
      precision: choice(PRECISIONS, [], "Precision of what is computed by roofline.").prefault("bf16"),
    },
    "Chakra execution traces: a file PREFIX.<rank>.et for each rank, and maybe process groups as .json.",
  ),
  htsim: format(
    "htsim",
    {
      binary: choice(
        Object.keys(HTSIM_BINARIES) as [HtsimBinary, ...HtsimBinary[]],
        [],
        "The binary that the file is for: it says what 1 of a start is. Needed where a start is above 0.",
      ).optional(),
      sendDone: choice(
        ["acked", "delivered"],
        [],
        "When a send_done_trigger fires: when the sender has the last acknowledgement, or when all is delivered.",
      ).prefault("acked"),
    },
    "A connection matrix (.cm) of htsim: one file.",
  ),
  "nccl-graph": format(
    "nccl-graph",
    {
      size: algorithmOptions.size,
      algorithm: choice(["ring", "tree"], [], "Which of the graphs is run.").prefault("ring"),
      collective: choice(
        ["all-reduce", "reduce-scatter", "all-gather"],
        [],
        "What is done; over trees an all-reduce.",
      ).prefault("all-reduce"),
      nodes: whole(1, 65_536, "Nodes, each with the graphs of one file. Left out: as many as files.").optional(),
      chunk: quantity("size", {
        description:
          "Chunk of a tree's pipeline (left out: 128KiB). Largest chunk of a ring (left out: one for each part).",
        min: "1B",
      }).optional(),
      nics: z
        .array(z.union([gpuPlace, z.array(gpuPlace).min(1).max(4096)]), {
          error: (issue) => `${faulty(issue.input, "a list of GPUs")}; write e.g. [0, 1, 2, 3]`,
        })
        .min(1)
        .max(4096)
        .meta({ description: "By number of a NIC in NCCL: the GPU of the node that has it, or those that share it." })
        .optional(),
    },
    "Rings and trees as NCCL chose them (NCCL_GRAPH_DUMP_FILE): one XML file, or one for each node; and maybe the topology file of a node.",
  ),
  simai: format(
    "simai",
    {
      algorithms,
      gpus: whole(1, 2 ** 17, "GPUs, where the header does not state all_gpus.").optional(),
    },
    "A workload file of SimAI (AICB): one file.",
  ),
  msccl: format("msccl", algorithmOptions, "An algorithm of MSCCL (XML), or a plan of MSCCL++ (.json): one file."),
} as const;

export type TraceFormat = keyof typeof TRACE_FORMATS;
const TRACE_FORMAT_NAMES = Object.keys(TRACE_FORMATS) as TraceFormat[];

type Rows = typeof TRACE_FORMATS;

export const trace = z
  .discriminatedUnion("format", Object.values(TRACE_FORMATS) as unknown as [Rows[TraceFormat]], {
    error: (issue) => {
      const written = (issue.input as { format?: unknown } | undefined)?.format;
      const guess = guessFor(written, TRACE_FORMAT_NAMES);
      const fault = written === undefined ? "missing" : `${show(written)} is not known${guess}`;
      return `${fault}; formats are ${TRACE_FORMAT_NAMES.join(", ")}`;
    },
  })
  .meta({ description: "What files of other programs hold." });

export type WrittenTrace = z.output<Rows[TraceFormat]>;
