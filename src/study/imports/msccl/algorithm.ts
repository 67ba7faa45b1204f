/** An algorithm of MSCCL, as its XML says. */
import type { SourceFile } from "../common/source.js";

export const STEP_TYPES = ["s", "r", "rcs", "rrs", "rrc", "rrcs", "cpy", "re", "nop"] as const;
export type StepType = (typeof STEP_TYPES)[number];

/** What a step of a type does, in this order: receive, reduce or copy into the buffer, send. */
export const STEPS: Readonly<Record<StepType, StepRow>> = {
  s: { receives: false, reduces: false, stores: false, sends: true },
  r: { receives: true, reduces: false, stores: true, sends: false },
  rcs: { receives: true, reduces: false, stores: true, sends: true },
  rrs: { receives: true, reduces: true, stores: false, sends: true },
  rrc: { receives: true, reduces: true, stores: true, sends: false },
  rrcs: { receives: true, reduces: true, stores: true, sends: true },
  cpy: { receives: false, reduces: false, stores: true, sends: false },
  re: { receives: false, reduces: true, stores: true, sends: false },
  nop: { receives: false, reduces: false, stores: false, sends: false },
};

interface StepRow {
  readonly receives: boolean;
  readonly reduces: boolean;
  readonly stores: boolean;
  readonly sends: boolean;
}

/** Chunks of a buffer: input, output, scratch. */
export interface Place {
  readonly buffer: Buffer;
  readonly offset: number;
}

export type Buffer = "i" | "o" | "s";

export interface Step {
  readonly type: StepType;
  readonly src: Place;
  readonly dst: Place;
  /** Chunks. */
  readonly count: number;
  /** Step `step` of threadblock `block` of this GPU must have ended. */
  readonly after: { readonly block: number; readonly step: number } | undefined;
  readonly line: number;
  readonly column: number;
}

export interface Threadblock {
  readonly send: number;
  readonly receive: number;
  readonly channel: number;
  readonly steps: Step[];
  readonly line: number;
  readonly column: number;
}

export interface Gpu {
  /** Chunks of each buffer. */
  readonly chunks: Readonly<Record<Buffer, number>>;
  readonly blocks: Threadblock[];
  readonly line: number;
  readonly column: number;
}

export interface Algorithm {
  readonly file: SourceFile;
  readonly name: string;
  readonly collective: string;
  readonly protocol: string;
  readonly chunksPerLoop: number;
  readonly isInPlace: boolean;
  readonly gpus: readonly Gpu[];
}
