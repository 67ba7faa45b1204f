/**
 * A program as a graph: what a rank does is ordered by what waits for what, and by gates that let
 * one node through at a time. MODEL.md has the meaning. Columns, since traces have millions of
 * nodes.
 */

export const NodeKind = { compute: 0, operation: 1, signal: 2, wait: 3 } as const;

/** Of an operation: an index into this list. */
export const NODE_ENDS = ["delivered", "sent", "acked"] as const;

/** A node that passes no gate. */
export const NO_GATE = 0xffffffff;

/**
 * Nodes are numbered from 0; of those that may begin, the lowest begins first. Gates are numbered
 * from 0 too: first the *lanes*, one for each stream of the role; then `exclusive` others, which
 * are free again when the node that went through has ended; then the role's signals.
 */
export interface ProgramGraph {
  readonly count: number;
  /** A `NodeKind`. */
  readonly kind: Uint8Array;
  /** Of computations. */
  readonly durationPs: Float64Array;
  /** Of operations the slot; of signals the gate that is given 1. */
  readonly operand: Uint32Array;
  /** Of operations: an index into `NODE_ENDS`. `sent` needs a lane. */
  readonly ends: Uint8Array;
  /** Gate that it passes; `NO_GATE` for none. Computations have a lane, waits have a signal. */
  readonly gate: Uint32Array;
  readonly label: Uint32Array;
  /** Node `n` waits for `waitNode` at entries `waitFirst[n] … waitFirst[n+1] - 1`. */
  readonly waitFirst: Uint32Array;
  readonly waitNode: Uint32Array;
  /** By entry: 1 where it waits for the other's beginning, not for its end. */
  readonly waitStart: Uint8Array;
  /** Gates behind the lanes that one node passes at a time. */
  readonly exclusive: number;
}
