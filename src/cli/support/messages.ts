/** What the thread that takes signals and the thread that runs the command say to each other. */
import type { ExitCode } from "./exit-codes.js";

export type StreamName = "stdout" | "stderr";

/** What the command's thread knows of a stream from the beginning. */
export interface StreamTraits {
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly hasColor: boolean;
}

/** What the command's thread is started with. */
export interface CommandData {
  readonly args: readonly string[];
  readonly stdout: StreamTraits;
  readonly stderr: StreamTraits;
}

/** Exit code of the command's thread where the command never settles. */
export const UNSETTLED = 13;

export type FromCommand =
  | { readonly kind: "write"; readonly stream: StreamName; readonly text: string }
  /** Whether an interrupt is to be told to the command, rather than end the process. */
  | { readonly kind: "heeding"; readonly heeds: boolean }
  /** The command ends by itself now, with what is known so far. */
  | { readonly kind: "winding-up" }
  | { readonly kind: "stdin"; readonly wanted: boolean }
  | { readonly kind: "done"; readonly code: ExitCode };

export type ToCommand =
  | { readonly kind: "interrupt" }
  | { readonly kind: "columns"; readonly stream: StreamName; readonly columns: number }
  /** A chunk of standard input; null at its end. */
  | { readonly kind: "stdin"; readonly chunk: Uint8Array | null; readonly error?: string };
