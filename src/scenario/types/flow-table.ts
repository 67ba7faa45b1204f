/** The flows of a file, column by column: a million of them take 40 MB. */

export interface FlowTable {
  /** As messages show it. */
  readonly file: string;
  /** Tells its content from that of others: part of a scenario's digest. */
  readonly digest: string;
  readonly count: number;
  /** Rank by flow; below zero `-1 - i`, the rank that `names[i]` names. */
  readonly src: Int32Array;
  readonly dst: Int32Array;
  readonly names: readonly string[];
  readonly bytes: Float64Array;
  readonly startPs: Float64Array;
  /** Index into `classNames` by flow; -1 where the row names none. */
  readonly dataClass: Int16Array;
  readonly classNames: readonly string[];
  /** Line of the file by flow, from 1; the row where a file has no lines. */
  readonly line: Uint32Array;
}

/** The table of a file that a scenario names; undefined where it has not been read. */
export type FlowFiles = (name: string) => FlowTable | undefined;

/** Number or name of the rank in a column of a table. */
export function rankIn({ names }: FlowTable, value: number): number | string {
  return value < 0 ? names[-1 - value]! : value;
}
