/**
 * Compiles a policy into a core of its own. Node only: it reads the sources of the core, which are
 * shipped beside it.
 */
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { coreDigest } from "../../engine/core/instance.js";
import { askedFor, foreignImports, joinCore } from "../../engine/policy/core-file.js";
import { type CompilerTerms, hasData, NO_OBJECTS, statelessCheck } from "../../engine/policy/stateless.js";
import { PolicyError } from "../../plan/policy-error.js";
import { readPolicySource } from "./policy-source.js";

/** The file of the core that the author's stands in for, without its extension. */
const PLACE = "assembly/policy/policy";
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * @param path of a file in TypeScript that AssemblyScript can compile, and that exports `choose`
 * @returns the content of a file for `routing.module`
 * @throws PolicyError where the compiler is missing or refuses the file, or the policy would keep
 * more than words of state
 */
export async function buildPolicy(path: string): Promise<Uint8Array> {
  const name = basename(path);
  const compiler = await loadCompiler(name);
  const source = await readPolicySource(path);
  const faults = new Set<string>();
  const compile = async (target: "single" | "shared"): Promise<Uint8Array> => {
    let wasm: Uint8Array | undefined;
    const check = statelessCheck(compiler.terms, PLACE, (fault) => faults.add(fault));
    const { error, stderr } = await compiler.main(["--target", target, "--baseDir", ROOT], {
      readFile: (file, base) =>
        file === `${PLACE}.ts` ? source : readFile(resolve(base, file), "utf8").catch(() => null),
      writeFile: (_, contents) => {
        if (typeof contents !== "string") wasm = contents;
      },
      transforms: [check],
    });
    if (error !== null || wasm === undefined) {
      const said = stderr.toString().replaceAll(`${PLACE}.ts`, path).trim() || String(error);
      throw new PolicyError(`cannot compile ${path}:\n${said}`, name, undefined, { cause: error });
    }
    if (hasData(wasm)) faults.add(NO_OBJECTS);
    const foreign = await foreignImports(wasm);
    if (foreign.length > 0) faults.add(`it ${askedFor(foreign)}`);
    return wasm;
  };
  const [single, shared] = [await compile("single"), await compile("shared")];
  if (faults.size > 0) throw new PolicyError(`cannot compile ${path}: ${[...faults].join("; ")}`, name);
  return joinCore(single, shared, await coreDigest());
}

async function loadCompiler(name: string) {
  try {
    const [{ main }, terms] = await Promise.all([import("assemblyscript/asc"), import("assemblyscript")]);
    // They are constants to TypeScript, and objects in fact.
    return { main, terms: terms as unknown as CompilerTerms };
  } catch (cause) {
    throw new PolicyError(
      "building a policy needs the AssemblyScript compiler: npm install --save-dev --save-exact assemblyscript@0.28.20",
      name,
      undefined,
      { cause },
    );
  }
}
