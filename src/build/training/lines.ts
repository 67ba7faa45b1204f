/** Programs of several streams, put together piece by piece. */
import type { Instruction } from "../../plan/programs.js";
import { loop } from "../programs/role.js";

/** Streams of a rank in training; `compute` is the one whose waiting counts as the rank's. */
export const STREAMS = ["compute", "tp", "gradients", "parameters"] as const;
export type StreamName = (typeof STREAMS)[number];

/** What each stream does in a part of the program. */
export type Lines = Readonly<Partial<Record<StreamName, readonly Instruction[]>>>;

/** One after the other, on each stream. */
export function inOrder(pieces: readonly Lines[]): Lines {
  const all: Partial<Record<StreamName, Instruction[]>> = {};
  for (const piece of pieces) {
    for (const stream of STREAMS) {
      const more = piece[stream];
      if (more === undefined) continue;
      const list = all[stream] ?? [];
      for (const instruction of more) list.push(instruction);
      all[stream] = list;
    }
  }
  return all;
}

/** Repeated on each stream. */
export function times(count: number, piece: Lines): Lines {
  if (count === 1) return piece;
  const all: Partial<Record<StreamName, Instruction[]>> = {};
  for (const stream of STREAMS) {
    const body = piece[stream];
    if (body !== undefined) all[stream] = loop(count, body);
  }
  return all;
}
