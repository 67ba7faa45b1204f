/** The pages of docs/reference are those that `npm run docs` writes today. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { scenarioJsonSchema } from "../../src/scenario/describe/json-schema.js";
import { schemaAsMarkdown } from "../../src/scenario/describe/schema-page.js";
import { HEDDLE_ERROR_CODES } from "../../src/util/heddle-error.js";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it("scenario.md has every field of the schema", () => {
  const page = readFileSync(at("docs/reference/scenario.md"), "utf8");
  expect(page).toBe(schemaAsMarkdown(scenarioJsonSchema() as object));
  for (const field of ["topology.radix", "links.fabric.portRate", "workload.flows[].size", "faults[].from"]) {
    expect(page).toContain(`| \`${field}\` |`);
  }
});

/** What a script of the tree writes, and the page that is there. */
function pagesOf(name: string, script = name): { written: string; kept: string } {
  const folder = mkdtempSync(join(tmpdir(), "heddle-reference-"));
  try {
    const file = join(folder, "page.md");
    execFileSync(process.execPath, [at(`scripts/write-${script}.mjs`), file]);
    return { written: readFileSync(file, "utf8"), kept: readFileSync(at(`docs/reference/${name}.md`), "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it("commands.md has the help of every command", () => {
  const { written, kept } = pagesOf("commands", "help");
  expect(kept).toBe(written);
  expect(written).toContain("## heddle sweep submit slurm");
});

it("errors.md has every error code, and a sentence on each", () => {
  const { written, kept } = pagesOf("errors");
  expect(kept).toBe(written);
  const rows = [...written.matchAll(/^\| `(HEDDLE_\w+)` \| (.*) \|$/gm)];
  expect(rows.map(([, code]) => code).sort()).toEqual([...HEDDLE_ERROR_CODES].sort());
  expect(rows.filter(([, , text]) => text!.length < 10)).toEqual([]);
});

it("result.md is what the docstrings of results say, and each of them says something", () => {
  const { written, kept } = pagesOf("result");
  expect(kept).toBe(written);
  const lacking = execFileSync(process.execPath, [at("scripts/write-result.mjs"), "--check"], { encoding: "utf8" });
  expect(lacking).toBe("");
});

it("the pages of the API are what its docstrings say, and each public name has one", { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-api-"));
  try {
    // Warnings on names without a docstring are errors: typedoc.json.
    execFileSync(process.execPath, [at("node_modules/typedoc/bin/typedoc"), "--out", folder], {
      cwd: at("."),
      stdio: "pipe",
    });
    const pages = readdirSync(folder).sort();
    expect(pages).toEqual(readdirSync(at("docs/reference/api")).sort());
    for (const page of pages) {
      expect(readFileSync(at(`docs/reference/api/${page}`), "utf8"), page).toBe(
        readFileSync(join(folder, page), "utf8"),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
