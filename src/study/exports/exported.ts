/** A text in the format of another program. */
export interface Exported {
  /** Its parts, in order. */
  readonly text: Iterable<string>;
  /** What it leaves out, a sentence each. */
  readonly notes: readonly string[];
}
