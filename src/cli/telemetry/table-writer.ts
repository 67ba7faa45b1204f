/** What formats of tables have in common. */
import type { Cell, TableShape } from "../../answer/telemetry/columns.js";

export type TableRow = Readonly<Record<string, Cell>>;

/** Writes to a path, rows by rows. */
export interface TableWriter {
  write(rows: Iterable<TableRow>): void;
  /** Writes what is left. */
  end(): void | Promise<void>;
  /** Ends after a fault: what was written is not wanted. */
  abandon(): void;
}

export interface TableFormat {
  open(path: string, shape: TableShape): TableWriter | Promise<TableWriter>;
  /** Rows after which telemetry takes longer intervals, where it is not the usual number. */
  readonly rowsPerLength?: number;
}
