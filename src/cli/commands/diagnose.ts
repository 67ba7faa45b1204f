import type { Command } from "commander";
import { styleFor } from "../../answer/text/style.js";
import { formatDiagnosis } from "../../study/diagnose/text.js";
import type { Environment } from "../support/environment.js";
import { ExitCode } from "../support/exit-codes.js";
import { addVerboseOption } from "../support/options.js";
import { printDocument } from "../support/print-document.js";
import { readResultFile } from "../support/result-file.js";

interface Options {
  readonly healthy?: string;
  readonly json?: boolean;
}

export function define(command: Command, env: Environment): void {
  command
    .argument("<result>", "a result of heddle run, as --out writes it")
    .option("--healthy <file>", "the result of a healthy run (default: the scenario as it was planned, without faults)")
    .option("--json", "print one JSON document, and nothing else");
  addVerboseOption(command).action((file: string, options: Options) => diagnose(file, options, env));
}

async function diagnose(file: string, options: Options, env: Environment): Promise<void> {
  const result = await readResultFile(file);
  const healthy = options.healthy === undefined ? undefined : await readResultFile(options.healthy);
  const { diagnoseResult } = await import("../../study/diagnose/diagnose.js");
  const found = await env.heedInterrupts(({ signal }) => diagnoseResult(result, healthy, signal));
  if (found === undefined) {
    env.stderr.write("heddle: interrupted before the runs had ended\n");
    env.setExitCode(ExitCode.Interrupted);
    return;
  }
  printDocument(found, () => formatDiagnosis(found, styleFor(env.stdout.hasColor)), options, env);
}
