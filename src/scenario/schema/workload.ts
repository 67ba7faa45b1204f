import { z } from "zod";
import { ALGORITHM_NAMES, COLLECTIVE_NAMES } from "../../plan/collectives.js";
import { PROTOCOLS } from "../../plan/protocols.js";
import { arrivals } from "./arrivals.js";
import { choice, fileOrText, object, quantity, quantityOr, text, whole } from "./fields.js";
import { group, rank } from "./ranks.js";

const LARGEST_START = "9000s";
/** The same in picoseconds. */
export const LARGEST_START_PS = 9e15;

const start = quantity("time", { description: "When it is posted.", max: LARGEST_START, examples: ["10us"] });

export const messageSize = (description: string) => quantity("size", { description, min: "1B", examples: ["256MiB"] });

const dataClass = text(32, "One of the scenario's classes; left out: the first one listed.").optional();

const flow = object(
  {
    name: text(64, "Its name, for flows that wait for it.").optional(),
    src: rank,
    dst: rank,
    size: messageSize("Bytes to send."),
    start: start.prefault("0ns"),
    after: z
      .array(z.union([whole(0, 2 ** 20, "Number of a flow."), text(64, "Name of a flow.")]), {
        error: "not a list of flows; write their numbers in the list, or their names, e.g. [0, first]",
      })
      .meta({
        description: "Flows that it waits for, by number in the list, from 0, or by name. They must end at its source.",
      })
      .optional(),
    class: dataClass,
  },
  "One message.",
);

export const PATTERNS = [
  "permutation",
  "incast",
  "all-to-all",
  "hotspot",
  "ring",
  "shift",
  "ring-boundary",
  "poisson",
] as const;

/** Messages by list or by rule. */
const messages = {
  flows: z
    .array(flow, { error: "not a list of flows; write e.g. [{ src: 0, dst: 1, size: 1MiB }]" })
    .min(1, { error: "the list is empty; write e.g. [{ src: 0, dst: 1, size: 1MiB }]" })
    .meta({ description: "The flows one by one. Either this or `file` or `pattern`." })
    .optional(),
  file: text(
    1024,
    "A list of flows in a file beside the scenario: .csv, .ndjson or .parquet, with columns src, dst, size or bytes, and if need be start, startNs or startPs, and class.",
  ).optional(),
  pattern: choice(
    PATTERNS,
    ["bisection", "transpose"],
    "Flows by rule: a random permutation without fixed points, many to one, everyone to everyone, a permutation of which some send to one rank instead (hotspot), rank r to rank r + by (ring: by 1), only what a ring sends from the end of one group of ranks to the start of the next (ring-boundary), or flows that arrive at random, between any ranks, of sizes from a distribution (poisson).",
  ).optional(),
  class: dataClass,
  size: messageSize("Of a pattern: bytes of each flow.").optional(),
  start: start.optional(),
  seed: whole(0, 2 ** 32 - 1, "Of permutation, hotspot and poisson. Left out: the scenario's seed.").optional(),
  ...arrivals,
  by: whole(1, 2 ** 20, "Of shift: distance to the receiver.").optional(),
  target: rank.optional(),
  fanOut: whole(
    1,
    2 ** 20,
    "Of all-to-all: to how many others each rank sends, spread evenly. Left out: all.",
  ).optional(),
  senders: whole(
    1,
    2 ** 20,
    "Of incast: how many send, spread evenly; left out: all others. Of hotspot: how many send to the target, at random; left out: an eighth.",
  ).optional(),
  group: whole(1, 2 ** 20, "Of ring-boundary: ranks of a group, e.g. those under one leaf.").optional(),
  width: whole(
    1,
    2 ** 20,
    "Of ring-boundary: flows from each group to the next, the last ranks to the first. Left out: the GPUs of a node.",
  ).optional(),
};

/** Rings side by side. */
export const MAX_CHANNELS = 512;

export const flows = object({ kind: z.literal("flows"), ...messages }, "Messages, listed or by a pattern.");

export const collective = object(
  {
    kind: z.literal("collective"),
    collective: choice(COLLECTIVE_NAMES, [], "The operation.").prefault("all-reduce"),
    algorithm: choice(
      [...ALGORITHM_NAMES, "auto"],
      [],
      "How it is done. auto: as NCCL's tuning model would choose, protocol included. Left out: as NCCL does it (ring, or direct where every pair exchanges), a barrier by dissemination (bruck).",
    ).optional(),
    protocol: choice(
      ["none", ...PROTOCOLS],
      [],
      "Protocol of NCCL: its latency for each step and its share of the bandwidth hold in the run. Left out: none, which takes what the fabric takes; with algorithm auto what NCCL would choose.",
    ).optional(),
    tuner: fileOrText(
      16,
      "write fewer rows",
      "With algorithm auto: rows of NCCL's tuner plugin, the name of a CSV file or its text. Where a row fits, its algorithm, protocol and channels are taken; elsewhere NCCL's model chooses.",
    ).optional(),
    size: messageSize(
      "Bytes of each rank's buffer, as nccl-tests count them: the larger one where a rank has one for sending and one for receiving.",
    ).optional(),
    sizes: fileOrText(
      64,
      "write a smaller matrix",
      "Of all-to-all, in place of a size: the name of a CSV file, or its text. Row s has the bytes that rank s has for ranks 0, 1, …, e.g. 64KiB or 65536.",
    ).optional(),
    root: rank.meta({ description: "Rank that data comes from or goes to. Left out: 0." }).optional(),
    repeat: whole(1, 100_000, "How often it is done. A rank begins again when all has come to it.").prefault(1),
    chunk: quantityOr(
      "size",
      { auto: null },
      {
        description: "Bytes of a chunk of the pipeline; what it cuts depends on the algorithm.",
        min: "1B",
        examples: ["auto", "128KiB"],
      },
    ).prefault("auto"),
    class: dataClass,
    ranks: z
      .union([group, z.array(group).min(1)], {
        error: "not a list of ranks; write e.g. [0, 2, 1, 3], or groups, e.g. [[0, 1], [2, 3]]",
      })
      .meta({
        description:
          "Ranks that take part, in the order of a ring; or several such groups, each of which does it, at the same time. Left out: all ranks.",
      })
      .optional(),
    channels: whole(
      1,
      MAX_CHANNELS,
      "Parallel rings of `ring`, each over another NIC of the node. Left out: as many as a node has NICs; with `ranks` one.",
    ).optional(),
    reductionDelay: quantity("time", {
      description: "From a delivery to the chunks that it allows.",
      max: "1s",
      examples: ["200ns"],
    }).prefault("0ns"),
    background: object(
      messages,
      "Other traffic on the fabric, listed or by a pattern. It is delivered to its end, but the completion time is that of the collective.",
    ).optional(),
  },
  "A collective over all ranks.",
);
