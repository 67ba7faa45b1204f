import { extname } from "node:path";
import type { Command } from "commander";
import type { Environment } from "../support/environment.js";
import { InputError } from "../support/failures.js";
import { addVerboseOption } from "../support/options.js";
import { checkWritable, writeWhole } from "../support/output.js";

export function define(command: Command, env: Environment): void {
  command
    .argument("<file>", "TypeScript that AssemblyScript can compile, with an exported function choose")
    .option("-o, --out <file>", "where the core goes (default: beside the policy, as .wasm)");
  addVerboseOption(command).action(async (file: string, options: { out?: string }) => {
    if (extname(file) !== ".ts") throw new InputError(`${file} is no TypeScript; name a .ts file`);
    const out = options.out ?? `${file.slice(0, -".ts".length)}.wasm`;
    if (extname(out) !== ".wasm")
      throw new InputError(`a compiled policy is a .wasm file; write e.g. --out ${out}.wasm`);
    await checkWritable(out);
    const { buildPolicy } = await import("../../study/policies/build.js");
    await writeWhole(out, await buildPolicy(file));
    env.stdout.write(
      `${out}: route by it with routing: { policy: custom, module: … }, or heddle run FILE --policy ${out}\n`,
    );
  });
}
