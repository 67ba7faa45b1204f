/** Workloads in files of other programs: a row for each format that can be run. */
import { z } from "zod";
import { faulty, object, quantity, real, show, text, truth } from "./fields.js";

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
  return object({ kind: z.literal("trace"), format: z.literal(name), files, ...options }, description);
}

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
} as const;

export type TraceFormat = keyof typeof TRACE_FORMATS;
export const TRACE_FORMAT_NAMES = Object.keys(TRACE_FORMATS) as TraceFormat[];

type Rows = typeof TRACE_FORMATS;

export const trace = z
  .discriminatedUnion("format", Object.values(TRACE_FORMATS) as unknown as [Rows[TraceFormat]], {
    error: (issue) => {
      const written = (issue.input as { format?: unknown } | undefined)?.format;
      const fault = written === undefined ? "missing" : `${show(written)} is not known`;
      return `${fault}; formats are ${TRACE_FORMAT_NAMES.join(", ")}`;
    },
  })
  .meta({ description: "What files of other programs hold." });

export type WrittenTrace = z.output<Rows[TraceFormat]>;
