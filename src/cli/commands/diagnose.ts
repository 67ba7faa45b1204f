import type { Command } from "commander";
import { styleFor } from "../../answer/text/style.js";
import { formatDiagnosis } from "../../study/diagnose/text.js";
import type { Environment } from "../support/environment.js";
import { ExitCode } from "../support/exit-codes.js";
import { addVerboseOption } from "../support/options.js";
import { printDocument } from "../support/print-document.js";
import { readResultFile } from "../support/result-file.js";
import { reporterFor } from "../support/running.js";

interface Options {
  readonly healthy?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress?: boolean;
}

export function define(command: Command, env: Environment): void {
  command
    .argument("<result>", "a result of heddle run, as --out writes it")
    .option("--healthy <file>", "the result of a healthy run (default: the scenario as it was planned, without faults)")
    .option("--json", "print one JSON document, and nothing else")
    .option("--quiet", "no progress")
    .option("--progress", "progress as a plain line every second, even on a terminal");
  addVerboseOption(command).action((file: string, options: Options) => diagnose(file, options, env));
}

async function diagnose(file: string, options: Options, env: Environment): Promise<void> {
  const result = await readResultFile(file);
  const healthy = options.healthy === undefined ? undefined : await readResultFile(options.healthy);
  const { diagnoseResult } = await import("../../study/diagnose/diagnose.js");
  const { report, end } = reporterFor(options, env);
  const found = await env.heedInterrupts(async ({ signal }) => {
    try {
      return await diagnoseResult(result, healthy, { signal, onProgress: report });
    } catch (cause) {
      if (signal.aborted && cause === signal.reason) return undefined;
      throw cause;
    } finally {
      end();
    }
  });
  if (found === undefined) {
    env.stderr.write("heddle: interrupted before the runs had ended\n");
    env.setExitCode(ExitCode.Interrupted);
    return;
  }
  printDocument(found, () => formatDiagnosis(found, styleFor(env.stdout.hasColor)), options, env);
}
