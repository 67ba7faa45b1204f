import { type Command, Option } from "commander";
import { StoreFolder } from "../../../study/store/folder.js";
import { readManifest, sweepNames } from "../../../study/store/manifests.js";
import { readRows } from "../../../study/store/rows.js";
import { type Column, columnsOf, toCsv, toNdjson } from "../../../study/sweep/columns.js";
import type { Environment } from "../../support/environment.js";
import { InputError } from "../../support/failures.js";
import { addVerboseOption } from "../../support/options.js";
import { checkWritable, writeWhole } from "../../support/output.js";
import { addSweepOption } from "../../sweep/options.js";

interface ExportOptions {
  readonly format: "csv" | "ndjson" | "parquet";
  readonly out?: string;
  readonly sweep?: string;
}

export function register(sweep: Command, env: Environment): void {
  const command = sweep
    .command("export")
    .description("write the finished points of a store as a table for other programs")
    .argument("<dir>", "folder of the store")
    .addOption(new Option("--format <format>", "of the table").choices(["csv", "ndjson", "parquet"]).default("csv"))
    .option("--out <file>", "file to write (default: standard output)");
  addVerboseOption(addSweepOption(command)).action((dir: string, options: ExportOptions) =>
    exportRows(dir, options, env),
  );
}

async function exportRows(dir: string, { format, out, sweep }: ExportOptions, env: Environment): Promise<void> {
  if (out !== undefined) await checkWritable(out);
  const folder = new StoreFolder(dir);
  const names = sweep === undefined ? await sweepNames(folder) : [sweep];
  const manifests = names.length === 0 ? [await readManifest(folder)] : [];
  for (const name of names) manifests.push(await readManifest(folder, name));
  const columns = columnsOf(manifests, await readRows(folder));
  if (format === "parquet") {
    if (out === undefined) throw new InputError("Parquet is not text; name a file: --out points.parquet");
    await writeWhole(out, await toParquet(columns));
    return;
  }
  const text = format === "csv" ? toCsv(columns) : toNdjson(columns);
  if (out === undefined) env.stdout.write(text, format === "csv" ? "data" : "json");
  else await writeWhole(out, text);
}

async function toParquet(columns: readonly Column[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const types = { text: "STRING", number: "DOUBLE", boolean: "BOOLEAN" } as const;
  const columnData = columns.map(({ name, kind, cells }) => {
    return { name, data: [...cells], type: types[kind], nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
