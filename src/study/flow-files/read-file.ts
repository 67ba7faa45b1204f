/** Flow lists in files. Node only. */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import type { FlowTable } from "../../scenario/types/flow-table.js";
import { hashed, unreadable, within } from "./beside.js";
import { flowFileError } from "./flow-rows.js";
import { readCsv } from "./read-csv.js";
import { readNdjson } from "./read-ndjson.js";

/** Far above what a million flows take. */
const LARGEST_BYTES = 2 ** 30;
const FORMATS = [".csv", ".ndjson", ".jsonl", ".parquet"];

/**
 * Reads the flow list that a scenario names: CSV, NDJSON or Parquet, by the end of its name.
 * @param name a path from the scenario's folder
 * @param folder the file must lie in it or below, wherever links lead
 * @throws ScenarioError where it cannot be read, or with every fault that is in it
 */
export async function readFlowFile(name: string, folder: string): Promise<FlowTable> {
  const format = extname(name).toLowerCase();
  if (!FORMATS.includes(format))
    throw flowFileError(name, `no list of flows by its name; name a file ${FORMATS.join(", ")}`);
  const path = await within(folder, name);
  const status = await stat(path).catch((cause: unknown) => {
    throw unreadable(name, cause);
  });
  if (!status.isFile()) throw flowFileError(name, "is no file");
  if (status.size > LARGEST_BYTES) throw flowFileError(name, `is larger than ${LARGEST_BYTES / 2 ** 30} GiB`);
  const hash = createHash("sha256");
  const chunks = hashed(path, name, hash);
  const digest = () => hash.digest("hex").slice(0, 16);
  if (format === ".csv") return readCsv(chunks, name, digest);
  if (format !== ".parquet") return readNdjson(chunks, name, digest);
  for await (const _ of chunks);
  const { readParquet } = await import("./read-parquet.js");
  return readParquet({ path, name, byteLength: status.size, digest: digest() });
}
