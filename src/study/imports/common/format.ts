/** What a format of other programs is to heddle. */
import type { TracedWorkload } from "../../../scenario/types/read-trace.js";
import type { SourceFile } from "./source.js";

/** What was read of the files of one format. */
export interface Imported {
  /** Ranks that it has; 0 where it does not say. */
  readonly ranks: number;
  /** What `workload: trace` runs; left out where the files describe no work. */
  readonly workload?: TracedWorkload;
  /**
   * Sections of a scenario that follow from the files, as users write them: `heddle import` puts
   * them into the scenario. A workload here goes before a reference to the files.
   */
  readonly sections?: Readonly<Record<string, unknown>>;
  /** Consecutive ranks that share a node, where the files say so. */
  readonly gpusPerNode?: number;
  /** NICs of each GPU, where the files say so. */
  readonly nicsPerGpu?: number;
  /** What was read and has no counterpart here, a sentence each: users are warned. */
  readonly notes: readonly string[];
}

/**
 * A format: one row of the registry and one folder.
 * @typeParam O options, checked: for formats of workloads what their schema gives
 */
export interface ImportFormat<O = unknown> {
  /** For help: what its files are. */
  readonly sentence: string;
  /** Other formats of which it takes files, too. */
  readonly alsoReads?: readonly string[];
  /**
   * Reads the files. Faults are thrown by `SourceFile.fail`, with the position; time and memory are
   * bounded whatever the files hold.
   * @throws ScenarioError
   */
  read(files: readonly SourceFile[], options: O): Promise<Imported>;
}
