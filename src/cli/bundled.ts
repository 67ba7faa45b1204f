/** The examples that come with the package: `examples/<name>/scenario.yaml`. */
import { readdir, readFile } from "node:fs/promises";

const NAME = /^[a-z0-9][a-z0-9-]*$/;

export interface Example {
  readonly name: string;
  /** The comment that the file begins with, on one line. */
  readonly description: string;
}

/** Names, sorted; none where the folder is missing. */
export async function exampleNames(folder: URL): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map((entry) => entry.name);
  const present = await Promise.all(
    names.map(async (name) => ((await exampleText(folder, name)) === null ? [] : [name])),
  );
  return present.flat().sort();
}

/** @param name one of `exampleNames`, which no path can hide in. */
export function exampleUrl(folder: URL, name: string): URL {
  return new URL(`${name}/scenario.yaml`, folder);
}

export async function listExamples(folder: URL): Promise<readonly Example[]> {
  const names = await exampleNames(folder);
  return Promise.all(
    names.map(async (name) => ({ name, description: describe((await exampleText(folder, name)) ?? "") })),
  );
}

async function exampleText(folder: URL, name: string): Promise<string | null> {
  return readFile(exampleUrl(folder, name), "utf8").catch(() => null);
}

function describe(text: string): string {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const comments = lines.slice(0, end < 0 ? lines.length : end).map((line) => line.replace(/^#\s*/, ""));
  return comments
    .filter((line) => !line.startsWith("yaml-language-server"))
    .join(" ")
    .trim();
}
