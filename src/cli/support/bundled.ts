/**
 * The examples that come with the package: `examples/<name>/scenario.yaml`, and sweeps:
 * `examples/<name>/sweep.yaml`.
 */
import { readdir, readFile } from "node:fs/promises";

const NAME = /^[a-z0-9][a-z0-9-]*$/;

export type ExampleKind = "scenario" | "sweep";

export interface Example {
  readonly name: string;
  readonly kind: ExampleKind;
  /** The comment that the file begins with, on one line. */
  readonly description: string;
}

/** Names, sorted; none where the folder is missing. */
export async function exampleNames(folder: URL, kind: ExampleKind = "scenario"): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && NAME.test(entry.name)).map((entry) => entry.name);
  const present = await Promise.all(
    names.map(async (name) => ((await exampleText(folder, name, kind)) === null ? [] : [name])),
  );
  return present.flat().sort();
}

/** @param name one of `exampleNames`, which no path can hide in. */
export function exampleUrl(folder: URL, name: string, kind: ExampleKind = "scenario"): URL {
  return new URL(`${name}/${kind}.yaml`, folder);
}

/** Scenarios first. */
export async function listExamples(folder: URL): Promise<readonly Example[]> {
  const lists = (["scenario", "sweep"] as const).map(async (kind) =>
    Promise.all(
      (await exampleNames(folder, kind)).map(async (name) => {
        return { name, kind, description: describe((await exampleText(folder, name, kind)) ?? "") };
      }),
    ),
  );
  return (await Promise.all(lists)).flat();
}

async function exampleText(folder: URL, name: string, kind: ExampleKind): Promise<string | null> {
  return readFile(exampleUrl(folder, name, kind), "utf8").catch(() => null);
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
