/** Workloads that are programs of streams. */
import { z } from "zod";
import { guessFor, object, quantity, real, text, whole } from "./fields.js";
import { group, rank } from "./ranks.js";
import { collective, messageSize } from "./workload.js";

const name = (what: string) => text(64, `Name of the ${what}.`);

const { kind: _kind, background: _background, ...collectiveFields } = collective.shape;

const communicator = object(
  {
    name: name("communicator"),
    ...collectiveFields,
    size: messageSize(
      "Bytes of each rank's buffer, or of each message, where an operation says nothing else.",
    ).optional(),
    pairs: z
      .array(z.tuple([rank, rank], { error: "not a pair; write a sender and a receiver, e.g. [0, 4]" }), {
        error: "not a list of pairs; write e.g. [[0, 4], [1, 5]]",
      })
      .min(1, { error: "the list of pairs is empty" })
      .meta({
        description: "Senders and receivers of messages, in place of a collective. Each operation is one message.",
      })
      .optional(),
    rendezvous: z
      .boolean({ error: "not true or false; write true or false" })
      .meta({ description: "Of pairs: a sender waits until its receiver has reached the operation. Left out: false." })
      .optional(),
  },
  "Ranks that communicate, and what they do in one operation.",
);

const times = whole(1, 2 ** 31 - 1, "How often `do` is executed.");

/** Loops within loops that scenarios may have. */
const LEVELS = 4;

const ENDS = ["delivered", "sent", "acked"] as const;

const plainStep = {
  compute: quantity("time", { description: "Computes for so long.", max: "9000s", examples: ["2ms"] }).optional(),
  collective: name("communicator, whose collective is executed next").optional(),
  send: name("communicator, to whose receiver a message is sent").optional(),
  receive: name("communicator, from whose sender a message is received").optional(),
  signal: text(64, "Adds 1 to the signal of this name.").optional(),
  wait: text(64, "Goes on when the signal of this name is above 0, and takes 1 from it.").optional(),
  size: messageSize("Of an operation, in place of that of its communicator.").optional(),
  ends: z
    .enum(ENDS, { error: ({ input }) => `not known${guessFor(input, ENDS)}; write delivered, sent or acked` })
    .meta({
      description:
        "When an operation ends at a rank: when all that concerns it was delivered to it, or not before its own data was sent, or acknowledged. Left out: delivered; of send: sent.",
    })
    .optional(),
  label: text(64, "What results call it. Left out: compute, or the name of the communicator.").optional(),
};

type StepShape = typeof plainStep & { repeat?: z.ZodOptional<z.ZodType<number>>; do?: z.ZodType };

const sentence = "A step of a stream: one of compute, collective, send, receive, signal, wait, or repeat with do.";

/** A step that may have loops inside of loops. */
function stepOf(levels: number): z.ZodType<WrittenStep> {
  const shape: StepShape = { ...plainStep };
  if (levels > 0) {
    shape.repeat = times.optional();
    shape.do = listOf(stepOf(levels - 1)).optional();
  }
  return object(shape, sentence) as unknown as z.ZodType<WrittenStep>;
}

function listOf(step: z.ZodType<WrittenStep>) {
  return z
    .array(step, { error: "not a list of steps; write e.g. [{ compute: 2ms }, { collective: gradients }]" })
    .min(1, { error: "the list of steps is empty" })
    .meta({ description: "Steps, one after the other." });
}

/** A step as it is written: one of its keys says what it is. */
export interface WrittenStep {
  readonly compute?: number;
  readonly collective?: string;
  readonly send?: string;
  readonly receive?: string;
  readonly signal?: string;
  readonly wait?: string;
  readonly repeat?: number;
  readonly do?: readonly WrittenStep[];
  readonly size?: number;
  readonly ends?: "delivered" | "sent" | "acked";
  readonly label?: string;
}

const stream = object(
  { name: name("stream").optional(), do: listOf(stepOf(LEVELS)) },
  "Steps that run one after the other, beside the other streams of the rank.",
);

const role = object(
  {
    name: name("role"),
    ranks: group.meta({ description: "Its ranks. Left out: those that no other role has." }).optional(),
    start: quantity("time", { description: "When its programs start.", max: "9000s", examples: ["10us"] }).prefault(
      "0ns",
    ),
    computeFactor: real(0.001, 1000, "What its durations are multiplied by: 1.2 for a straggler.").prefault(1),
    jitter: real(0, 1, "Its durations vary by this share, up and down, each by a draw of its own.").prefault(0),
    streams: z
      .array(stream, { error: "not a list of streams; write e.g. [{ do: [{ compute: 2ms }] }]" })
      .min(1, { error: "the list of streams is empty" })
      .max(32, { error: "at most 32 streams" })
      .meta({ description: "Its streams. Results take the first one for what the rank waits for." }),
  },
  "Ranks that run the same program.",
);

export const program = object(
  {
    kind: z.literal("program"),
    communicators: z
      .array(communicator, { error: "not a list of communicators" })
      .meta({ description: "Who communicates with whom, and what." })
      .prefault([]),
    roles: z
      .array(role, { error: "not a list of roles; write e.g. [{ name: worker, streams: [ … ] }]" })
      .min(1, { error: "the list of roles is empty" })
      .meta({ description: "Programs, and the ranks that run them. Each rank has one role, or none." }),
    record: object(
      {
        ranks: group.meta({ description: "Ranks whose timeline is kept." }),
        limit: whole(1, 1e6, "Entries of each rank that are kept, from the first on.").prefault(10_000),
      },
      "Keeps computations and operations of some ranks one by one.",
    ).optional(),
  },
  "Programs of computations and collectives on streams.",
);
