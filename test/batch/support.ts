import { parseScenario } from "../../src/scenario/parse/parse.js";
import type { BatchJob } from "../../src/study/batch/batch.js";

/** The built worker: workers are JavaScript. */
export const WORKER = new URL("../../dist/study/batch/worker.js", import.meta.url);
export const UNSTEADY = new URL("./workers/unsteady.mjs", import.meta.url);

const TINY = {
  version: 1,
  topology: { kind: "leaf-spine", gpus: 8, gpusPerNode: 8, radix: 8 },
  workload: { kind: "collective", size: "64KiB" },
};

export function tinyScenario(set: readonly string[] = [], name = "tiny") {
  return parseScenario({ ...TINY, name }, { set }).scenario;
}

export function job(name: string, packetHops = 1, memoryBytes = 1): BatchJob {
  return { id: name, scenario: tinyScenario([], name), estimate: { packetHops, memoryBytes } };
}
