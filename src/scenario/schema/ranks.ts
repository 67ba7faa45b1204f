/** Ranks and devices, by number or by the name that results print. */
import { z } from "zod";
import { faulty, text, whole } from "./fields.js";

/** More than any fabric has. */
const LARGEST_RANK = 2 ** 20 - 1;

export const rank = z
  .union([whole(0, LARGEST_RANK, "Rank."), text(64, "Name of a GPU or host.")], {
    error: (issue) => `${faulty(issue.input, "a rank")}; write its number, or its name, e.g. gpu-3`,
  })
  .meta({ description: "Rank number, or its name: gpu-3, or that of a host of a custom topology." });

/** Ranks in an order of their own. */
export const group = z
  .array(rank, { error: "not a list of ranks; write e.g. [0, 2, 1, 3]" })
  .min(1, { error: "the list of ranks is empty" })
  .max(2 ** 19, { error: `at most ${2 ** 19} ranks` });

/** A rank or a switch. */
export function device(description: string) {
  return z
    .union([whole(0, LARGEST_RANK, "Rank."), text(64, "Name of a device.")], {
      error: (issue) =>
        `${faulty(issue.input, "a device")}; write 1 to 64 printable characters, e.g. leaf-0 or gpu-3, or the number of a rank`,
    })
    .meta({ description: `${description}, as \`heddle topo --list\` prints it, or the number of a rank.` });
}
