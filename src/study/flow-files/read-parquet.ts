/** Flow lists as Apache Parquet: its columns by name, a part of its rows at a time. */
import { Worker } from "node:worker_threads";
import type { FlowTable } from "../../scenario/types/flow-table.js";
import { MAX_FLOWS } from "../../scenario/types/patterns.js";
import { type Cell, type ColumnIndex, columnIndex, FlowRows, flowFileError } from "./flow-rows.js";

/** Rows that are held in memory as they come. */
const ROWS_PER_MESSAGE = 131_072;
/** Memory of the decoder: of a damaged file it may ask for any amount. */
const DECODER_MB = 1024;
/** Time without any more rows after which a file counts as damaged. */
const PATIENCE_MS = 60_000;

type Message =
  | { readonly kind: "schema"; readonly names: string[]; readonly total: number; readonly isNested: boolean }
  | { readonly kind: "rows"; readonly rowStart: number; readonly cells: Cell[][] }
  | { readonly kind: "end" }
  | { readonly kind: "fault"; readonly message: string };

/** A file that is there, and its name for messages. */
export interface ParquetFile {
  readonly path: string;
  readonly name: string;
  readonly byteLength: number;
  readonly digest: string;
}

/** @throws ScenarioError with every fault, by row, counted from 1 */
export async function readParquet(file: ParquetFile, patienceMs = PATIENCE_MS): Promise<FlowTable> {
  const { path, name, byteLength, digest } = file;
  const rows = new FlowRows(name);
  let columns: ColumnIndex | undefined;
  for await (const message of messagesOf(path, byteLength, patienceMs)) {
    if (message.kind === "fault") {
      throw flowFileError(name, `cannot be read as Parquet: ${message.message.split("\n")[0]!.slice(0, 160)}`);
    } else if (message.kind === "schema") {
      if (message.isNested) throw flowFileError(name, "a column is nested; columns are plain");
      columns = columnIndex(name, message.names);
      const { total } = message;
      if (total > MAX_FLOWS) throw flowFileError(name, `there are ${total} flows; at most ${MAX_FLOWS} are read`);
    } else if (message.kind === "rows") {
      const { cells, rowStart } = message;
      const row = new Array<Cell>(cells.length);
      for (let i = 0; i < cells[0]!.length; i++) {
        for (let column = 0; column < cells.length; column++) row[column] = cells[column]![i];
        rows.add(row, columns!, rowStart + i + 1);
      }
    }
  }
  return rows.table(digest);
}

/** What the decoder finds, up to the end or a fault. The thread ends with the iteration. */
async function* messagesOf(path: string, byteLength: number, patienceMs: number): AsyncGenerator<Message> {
  const worker = new Worker(new URL("./parquet-worker.js", import.meta.url), {
    workerData: { path, byteLength, mostRows: MAX_FLOWS, rowsPerMessage: ROWS_PER_MESSAGE },
    resourceLimits: { maxOldGenerationSizeMb: DECODER_MB },
  });
  const waiting: Message[] = [];
  let wake = () => {};
  const take = (message: Message) => {
    waiting.push(message);
    wake();
  };
  worker.on("message", take);
  worker.on("error", ({ message }) => take({ kind: "fault", message }));
  worker.on("exit", () => take({ kind: "fault", message: "the decoder ended" }));
  try {
    for (;;) {
      if (waiting.length === 0) await nextWithin(patienceMs, (resume) => (wake = resume), take);
      const message = waiting.shift()!;
      if (message.kind === "end") return;
      yield message;
    }
  } finally {
    await worker.terminate();
  }
}

/** Resolves when the next message has come; that the time is over is one. */
async function nextWithin(ms: number, onWake: (resume: () => void) => void, take: (late: Message) => void) {
  await new Promise<void>((resolve) => {
    const late = { kind: "fault", message: `nothing came of it for ${ms / 1000} s; the file is damaged` } as const;
    const timer = setTimeout(() => take(late), ms);
    onWake(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
