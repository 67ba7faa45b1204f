/** zod's issues, flattened: one place and one message each. */

import type { z } from "zod";
import type { Path } from "../../util/document-path.js";

export interface FlatIssue {
  readonly path: Path;
  readonly message: string;
  /** The path ends in a key that is wrong itself, rather than its value. */
  readonly atKey: boolean;
}

export function flattenIssues(issues: readonly z.core.$ZodIssue[], base: Path): FlatIssue[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
    if (issue.code === "unrecognized_keys") {
      const messages = issue.message.split("\n");
      return issue.keys.map((key, i) => ({ path: [...path, key], message: messages[i]!, atKey: true }));
    }
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const meant = issue.errors.find((branch) => branch.every((inner) => inner.path.length > 0 || isKeys(inner)));
      if (meant !== undefined) return flattenIssues(meant, path);
    }
    return [{ path, message: issue.message, atKey: false }];
  });
}

/** A branch of a union that only complains about its keys is the one that was meant. */
function isKeys(issue: z.core.$ZodIssue): boolean {
  return issue.code === "unrecognized_keys";
}
