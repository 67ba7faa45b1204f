/** All that commands see of the process, so that tests can stand in for it. */
import type { ExitCode } from "./exit-codes.js";
import type { Library } from "./library.js";

/** What is written: text for people, JSON, or other text for programs (CSV, Markdown, scripts). */
export type OutputKind = "text" | "json" | "data";

/** The kind of what is written where `--json` was asked for, or not. */
export function kindOf(json: boolean | undefined): OutputKind {
  return json === true ? "json" : "text";
}

/** A stream that text goes to. */
export interface Output {
  /**
   * @param kind Text for people is made to fit the terminal and the locale; JSON keeps its meaning,
   * data its bytes.
   */
  write(text: string, kind?: OutputKind): void;
  readonly isTerminal: boolean;
  /** Width of the terminal. */
  readonly columns: number;
  readonly hasColor: boolean;
}

/** The first interrupt, as work sees it that heeds it. */
export interface Interrupts {
  readonly signal: AbortSignal;
  /**
   * To be called where the work begins to end. Work that does not come to that in time is ended
   * with the process.
   */
  windUp(): void;
}

export type HeedingWork<T> = (interrupts: Interrupts) => Promise<T>;

export interface Environment {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Standard input, by chunks. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly version: string;
  /** Processor cores that this process may use. */
  readonly cores: number;
  /** Folder of the bundled examples. */
  readonly examplesUrl: URL;
  /**
   * Bytes of memory that a run may still take: what is free, or the limit that the process is
   * under.
   */
  readonly memoryLimitBytes: number;
  /** Bytes of memory that this process takes now. */
  readonly usedMemoryBytes: number;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** What starts this program again: absolute paths. */
  readonly program: readonly string[];
  /**
   * Runs work that ends early, with what is known, at the first interrupt. Elsewhere an interrupt
   * ends the process at once.
   */
  heedInterrupts<T>(work: HeedingWork<T>): Promise<T>;
  /** Called by a command that ended; the last call counts. */
  setExitCode(code: ExitCode): void;
  library(): Promise<Library>;
}
