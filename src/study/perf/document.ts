/** What `heddle perf` prints as JSON. Bandwidths as nccl-tests has them, in GB/s (10^9 bytes). */
export const PERF_SCHEMA = "heddle.perf/1";

export interface PerfDocument {
  readonly schema: typeof PERF_SCHEMA;
  readonly heddleVersion: string;
  readonly status: "finished" | "cancelled";
  readonly scenario: { readonly name: string; readonly digest: string };
  readonly topology: { readonly kind: string; readonly gpus: number };
  readonly collective: string;
  /** By size, smallest first. */
  readonly rows: readonly PerfRow[];
  /** Mean over all rows that finished; null where none has. */
  readonly averageBusbwGBps: number | null;
  /** Where runs leave what the model is known to be accurate for. */
  readonly envelope: readonly string[];
}

/** Time and bandwidths of one size. */
export interface PerfFigures {
  readonly timeUs: number;
  readonly algbwGBps: number;
  readonly busbwGBps: number;
}

export interface PerfRow {
  /** As nccl-tests counts it: the whole array, where each rank has a part of it. */
  readonly sizeBytes: number;
  /** Elements that a rank gives. */
  readonly count: number;
  readonly type: string;
  readonly redop: string;
  readonly root: number;
  readonly algorithm: string;
  readonly protocol?: string;
  /** `finished`, or what became of the run. */
  readonly status: string;
  /** Null where the run did not finish. */
  readonly simulated: PerfFigures | null;
  /** NCCL's own model; null where it does not know the collective. */
  readonly nccl?: (PerfFigures & { readonly algorithm: string; readonly protocol: string }) | null;
  /** Of heddle's time against the model's: 0.1 is 10 % more. */
  readonly ncclDifference?: number | null;
  /** Of a table that nccl-tests printed; null where it has no such size. */
  readonly measured?: PerfFigures | null;
  /** Of heddle's time against the measured one. */
  readonly error?: number | null;
  readonly envelope?: readonly string[];
  readonly engineDigest: string | null;
}
