// What the command lines of the benchmarks have in common.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { InvalidArgumentError } from "commander";

/** @param {string} text */
export function positive(text) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

/** @param {string} text */
export function ratio(text) {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

/** What the figures were measured on. */
export function machine() {
  return { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length };
}

/**
 * Where lines for people go: beside the document when that takes the output.
 * @param {boolean | undefined} json
 */
export function sayer(json) {
  return (/** @type {string | undefined} */ line) => {
    if (line !== undefined) (json ? console.error : console.log)(line);
  };
}

/** @param {unknown} document @param {{ json?: boolean, out?: string }} options */
export function emit(document, { json, out }) {
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (json) process.stdout.write(text);
  if (out !== undefined) writeFileSync(out, text);
}

/** A mistake of the caller is a line, not a stack. @param {() => unknown} main */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 2;
  }
}
