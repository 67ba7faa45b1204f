/** Tables as text: a line for each row. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { TableShape } from "../../answer/telemetry/columns.js";
import { quoted } from "../../study/sweep/columns.js";
import type { TableFormat, TableRow, TableWriter } from "./table-writer.js";

/** Characters that are written at a time. */
const BLOCK = 2 ** 18;

/** A text file that is written in blocks. */
export class BlockFile {
  readonly #file: number;
  #block = "";

  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  add(text: string): void {
    this.#block += text;
    if (this.#block.length >= BLOCK) this.#flush();
  }

  end(): void {
    this.#flush();
    closeSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#block);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    this.#block = "";
  }
}

function textFormat(head: (shape: TableShape) => string, line: (shape: TableShape, row: TableRow) => string) {
  return {
    open(path: string, shape: TableShape): TableWriter {
      const file = new BlockFile(path);
      file.add(head(shape));
      return {
        write: (rows) => {
          for (const row of rows) file.add(line(shape, row));
        },
        end: () => file.end(),
        abandon: () => file.close(),
      };
    },
  } satisfies TableFormat;
}

/** RFC 4180; what does not apply to a row is empty. */
export const csv: TableFormat = textFormat(
  ({ columns }) => `${columns.map(({ name }) => name).join(",")}\n`,
  ({ columns }, row) => `${columns.map(({ name }) => quoted(row[name] ?? null)).join(",")}\n`,
);

/** What does not apply to a row is left out. */
export const ndjson: TableFormat = textFormat(
  () => "",
  ({ columns }, row) => {
    const cells = columns.map(({ name }) => [name, row[name] ?? null]).filter(([, cell]) => cell !== null);
    return `${JSON.stringify(Object.fromEntries(cells))}\n`;
  },
);
