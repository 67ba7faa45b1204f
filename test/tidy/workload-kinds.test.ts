/** Few files ask for the kind of a workload. Others ask its row: scenario/types/workload-kinds. */
import { expect, it } from "vitest";
import { filesOf, textOf } from "./modules.js";

/** Where kinds are read, where each has a row, and where what was written becomes a workload. */
const MAY_ASK = [
  "src/answer/result/headline-text.ts",
  "src/answer/result/jobs-text.ts",
  "src/answer/result/workload.ts",
  "src/build/jobs/build.ts",
  "src/scenario/defaults/jobs.ts",
  "src/scenario/defaults/trace.ts",
  "src/scenario/defaults/workload.ts",
  "src/scenario/rules/classes.ts",
  "src/scenario/rules/jobs.ts",
  "src/scenario/rules/rule.ts",
  "src/scenario/rules/unused.ts",
  "src/scenario/types/workload-kinds.ts",
];

it("few files ask for the kind of a workload", () => {
  const asks = filesOf("src").filter((path) => /\bworkload\??\.kind\b/.test(textOf(path)!));
  expect(asks.sort()).toEqual(MAY_ASK);
});
