/** Tables as Parquet: a group of rows at a time. */
import type { Cell, TableShape } from "../../answer/telemetry/columns.js";
import type { TableFormat, TableRow, TableWriter } from "./table-writer.js";

const ROWS_PER_GROUP = 50_000;

export const parquet: TableFormat = {
  async open(path: string, { columns }: TableShape): Promise<TableWriter> {
    const { fileWriter, ParquetWriter } = await import("hyparquet-writer");
    const root = { name: "root", num_children: columns.length };
    const fields = columns.map(({ name, kind }) => {
      const isText = kind === "text";
      return {
        ...{ name, type: isText ? ("BYTE_ARRAY" as const) : ("DOUBLE" as const), repetition_type: "OPTIONAL" as const },
        ...(isText && { converted_type: "UTF8" as const }),
      };
    });
    const writer = new ParquetWriter({ writer: fileWriter(path), schema: [root, ...fields], createdBy: "heddle" });
    let cells: Cell[][] = columns.map(() => []);
    const flush = () => {
      if (cells[0]!.length === 0) return;
      const columnData = columns.map(({ name }, i) => ({ name, data: cells[i]! }));
      writer.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
      cells = columns.map(() => []);
    };
    const add = (row: TableRow) => {
      columns.forEach(({ name }, i) => {
        cells[i]!.push(row[name] ?? null);
      });
      if (cells[0]!.length === ROWS_PER_GROUP) flush();
    };
    return {
      write: (rows) => {
        for (const row of rows) add(row);
      },
      end: async () => {
        flush();
        await writer.finish();
      },
      abandon: () => {},
    };
  },
};
