/** Flows that arrive at random: the fields of `pattern: poisson`. */
import { z } from "zod";
import { SIZE_DISTRIBUTION_NAMES, SIZE_DISTRIBUTIONS } from "../types/size-distributions.js";
import { didYouMean } from "../types/suggest.js";
import { faulty, quantity, real, show } from "./fields.js";

const point = z.tuple([real(0, 2 ** 53, "Bytes."), real(0, 100, "Per cent of flows of at most this size.")], {
  error: (issue) => `${faulty(issue.input, "a point")}; write [bytes, per cent], e.g. [10000, 15]`,
});

const sources = SIZE_DISTRIBUTION_NAMES.map((name) => `${name}: ${SIZE_DISTRIBUTIONS[name].source}`).join("; ");

const names: readonly string[] = SIZE_DISTRIBUTION_NAMES;
const advice = `write one of ${names.join(", ")}, the path of a .csv file, or points, e.g. [[0, 0], [10000, 50], [1000000, 100]]`;

const named = z.string().superRefine((text, context) => {
  if (names.includes(text) || (/\.(csv|txt)$/i.test(text) && text.length <= 4096)) return;
  const message = `${show(text)} is not a distribution of sizes${didYouMean(text, names)}; ${advice}`;
  context.addIssue({ code: "custom", message, input: text });
});

const distribution = z
  .union([named, z.array(point).min(1).max(100_000)], {
    error: (issue) => `${faulty(issue.input, "a distribution of sizes")}; ${advice}`,
  })
  .meta({
    description: `Of poisson: sizes of flows, by name (${sources}), as a CSV file of bytes and per cent beside the scenario, or as points of the cumulative distribution.`,
    examples: [
      "web-search",
      "sizes.csv",
      [
        [0, 0],
        [10_000, 50],
        [1_000_000, 100],
      ],
    ],
  });

export const arrivals = {
  distribution: distribution.optional(),
  load: real(
    0.0001,
    4,
    "Of poisson: what all ranks send, as a share of the bisection bandwidth per rank: the rate of its access links by the oversubscription.",
  ).optional(),
  duration: quantity("time", {
    description: "Of poisson: time from the start in which flows arrive.",
    min: "1ns",
    max: "9000s",
    examples: ["1ms"],
  }).optional(),
};
