/** Tables that are written row by row, in the format that the ending of the file's name says. */
import { rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { TableShape } from "../../answer/telemetry/columns.js";
import { fileErrorReason, InputError } from "../support/failures.js";
import { checkWritable } from "../support/output.js";
import { openMetrics } from "./open-metrics.js";
import { parquet } from "./parquet.js";
import type { TableFormat, TableRow, TableWriter } from "./table-writer.js";
import { csv, ndjson } from "./text.js";

const FORMATS: Readonly<Record<string, TableFormat>> = {
  ".csv": csv,
  ".ndjson": ndjson,
  ".jsonl": ndjson,
  ".parquet": parquet,
  ".om": openMetrics,
  ".prom": openMetrics,
};

/** The format of a file by its name. @throws InputError */
export function tableFormat(option: string, path: string): TableFormat {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  const endings = Object.keys(FORMATS).join(", ");
  throw new InputError(`${option} ${path}: the ending says the format; write one of ${endings} (.om: OpenMetrics)`);
}

/** A table in a file that is there whole, or not at all. */
export class TableFile {
  #isOver = false;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly writer: TableWriter,
  ) {}

  /** @throws InputError where the file cannot be written */
  static async open(option: string, path: string, shape: TableShape): Promise<TableFile> {
    const format = tableFormat(option, path);
    await checkWritable(path);
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
    const writer = await orInputError(path, async () => format.open(temporary, shape));
    return new TableFile(path, temporary, writer);
  }

  /** @throws InputError, e.g. where the disk is full */
  write(rows: Iterable<TableRow>): void {
    try {
      this.writer.write(rows);
    } catch (cause) {
      throw unwritable(this.path, cause);
    }
  }

  /** @throws InputError */
  async end(): Promise<void> {
    await orInputError(this.path, async () => {
      await this.writer.end();
      this.#isOver = true;
      await rename(this.temporary, this.path);
    });
  }

  /** Leaves no file, unless it has ended. */
  async abandon(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.writer.abandon();
    await rm(this.temporary, { force: true });
  }
}

async function orInputError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): unknown {
  const isOfFile = cause instanceof Error && "code" in cause;
  return isOfFile ? new InputError(`cannot write ${path}: ${fileErrorReason(cause)}`) : cause;
}
