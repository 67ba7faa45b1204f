import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { ScenarioError } from "../../src/scenario/types/errors.js";
import { readImport } from "../../src/study/imports/read.js";
import { formatIssue } from "../../src/util/issue.js";

/** A folder for the files of a test. */
export function importFolder() {
  const folder = mkdtempSync(join(tmpdir(), "heddle-imports-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function read(format: string, files: Readonly<Record<string, string>>, options: Record<string, unknown> = {}) {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return readImport({ ...options, format, files: Object.keys(files) }, folder);
  }

  /** What is wrong, as users see it; "" where nothing is. Other errors than of input are thrown. */
  async function faultOf(format: string, files: Readonly<Record<string, string>>, options?: Record<string, unknown>) {
    try {
      await read(format, files, options);
      return "";
    } catch (error) {
      if (error instanceof ScenarioError) return error.issues.map(formatIssue).join("\n");
      throw error;
    }
  }
  return { folder, read, faultOf };
}

export interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

export function mutate(text: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((all, { at, cut, put }) => {
    const from = at % (all.length + 1);
    return all.slice(0, from) + put + all.slice(from + cut);
  }, text);
}
