/** The rows of a store: NDJSON, of which every line but a torn last one is whole. */
import { type FileHandle, open, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { formatRow, type PointRow, parseRow } from "../sweep/row.js";
import { StoreError, type StoreFolder } from "./folder.js";
import { writeAndRename } from "./whole-file.js";

const NEWLINE = 10;

interface ReadRows {
  readonly rows: Map<string, PointRow>;
  /** Bytes up to the end of the last whole line, and after it. */
  readonly wholeBytes: number;
  readonly tornBytes: number;
}

/**
 * Every row of a store, by id: merged ones, and those that shards have finished.
 * @throws StoreError where a line other than the last is damaged
 */
export async function readRows(folder: StoreFolder): Promise<Map<string, PointRow>> {
  const { rows } = await readMerged(folder);
  for (const row of await readFinished(folder)) rows.set(row.id, row);
  return rows;
}

async function readMerged(folder: StoreFolder): Promise<ReadRows> {
  const bytes = await readFile(folder.rows).catch(ifMissing(Buffer.alloc(0)));
  const rows = new Map<string, PointRow>();
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end < 0) break;
    const row = parseRow(bytes.toString("utf8", start, end));
    if (row === undefined) {
      throw new StoreError(`${folder.rows}:${line} is damaged; remove the line, and its point will be simulated again`);
    }
    rows.set(row.id, row);
    start = end + 1;
  }
  return { rows, wholeBytes: start, tornBytes: bytes.length - start };
}

/** @throws StoreError */
async function readFinished(folder: StoreFolder): Promise<PointRow[]> {
  const names = (await readdir(folder.finished).catch(ifMissing([]))).filter(isWhole);
  return Promise.all(
    names.map(async (name) => {
      const row = parseRow(await readFile(join(folder.finished, name), "utf8"));
      if (row !== undefined) return row;
      throw new StoreError(
        `${join(folder.finished, name)} is damaged; remove it, and its point will be simulated again`,
      );
    }),
  );
}

/** Ids of the points that shards have finished. */
export async function finishedIds(folder: StoreFolder): Promise<Set<string>> {
  const names = await readdir(folder.finished).catch(ifMissing([]));
  return new Set(names.filter(isWhole).map((name) => name.slice(0, -".json".length)));
}

/** Temporary files have another ending. */
function isWhole(name: string): boolean {
  return name.endsWith(".json") && !name.startsWith(".");
}

/** Writes the row of a point that a shard has finished. */
export async function writeFinished(folder: StoreFolder, row: PointRow): Promise<void> {
  await writeAndRename(join(folder.finished, `${row.id}.json`), formatRow(row));
}

/** The rows of a store that is locked, to append to. */
export class RowAppender {
  readonly #waiting: { text: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #isWriting = false;
  /** After a write that failed nothing more is written: a line may be torn. */
  #failure: unknown;

  private constructor(
    private readonly folder: StoreFolder,
    readonly rows: Map<string, PointRow>,
    /** Whether a torn last line was dropped. */
    readonly wasTorn: boolean,
    private file: FileHandle,
    /** Bytes of whole lines that are on the disk. */
    private bytes: number,
  ) {}

  /** Removes a torn last line from the file. @throws StoreError */
  static async open(folder: StoreFolder): Promise<RowAppender> {
    const { rows, wholeBytes, tornBytes } = await readMerged(folder);
    if (tornBytes > 0) await truncate(folder.rows, wholeBytes);
    return new RowAppender(folder, rows, tornBytes > 0, await open(folder.rows, "a"), wholeBytes);
  }

  /** Resolves when the row is on the disk. */
  async append(row: PointRow): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.rows.set(row.id, row);
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ text: formatRow(row), resolve, reject });
      void this.#write();
    });
  }

  /** Rows that come while others are being written go with the next write. */
  async #write(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        const text = batch.map((row) => row.text).join("");
        await this.file.appendFile(text);
        await this.file.datasync();
        this.bytes += Buffer.byteLength(text);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        this.#failure = error;
        // Where even that fails, the torn line is dropped when the store is opened next.
        await this.file.truncate(this.bytes).catch(() => {});
        for (const { reject } of [...batch, ...this.#waiting.splice(0)]) reject(error);
      }
    }
    this.#isWriting = false;
  }

  /** Counts what shards have finished among the rows; `merge` writes it. */
  async takeFinished(): Promise<readonly PointRow[]> {
    const finished = await readFinished(this.folder);
    for (const row of finished) this.rows.set(row.id, row);
    return finished;
  }

  /**
   * Takes in what shards have finished, and sorts all rows by id: the same rows are the same bytes,
   * whoever wrote them.
   */
  async merge(): Promise<void> {
    const finished = await this.takeFinished();
    const sorted = [...this.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    await this.file.close();
    const text = sorted.map(formatRow).join("");
    await writeAndRename(this.folder.rows, text);
    this.file = await open(this.folder.rows, "a");
    this.bytes = Buffer.byteLength(text);
    for (const { id } of finished) await rm(join(this.folder.finished, `${id}.json`), { force: true });
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function ifMissing<T>(nothing: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return nothing;
    throw error;
  };
}
