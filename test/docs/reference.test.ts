/** The pages of docs/reference are those that `npm run docs` writes today. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { scenarioJsonSchema } from "../../src/scenario/describe/json-schema.js";
import { schemaAsMarkdown } from "../../src/scenario/describe/schema-page.js";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it("scenario.md has every field of the schema", () => {
  const page = readFileSync(at("docs/reference/scenario.md"), "utf8");
  expect(page).toBe(schemaAsMarkdown(scenarioJsonSchema() as object));
  for (const field of ["topology.radix", "links.fabric.portRate", "workload.flows[].size", "faults[].from"]) {
    expect(page).toContain(`| \`${field}\` |`);
  }
});

it("commands.md has the help of every command", () => {
  const folder = mkdtempSync(join(tmpdir(), "heddle-help-"));
  try {
    execFileSync(process.execPath, [at("scripts/write-help.mjs"), join(folder, "commands.md")]);
    const written = readFileSync(join(folder, "commands.md"), "utf8");
    expect(readFileSync(at("docs/reference/commands.md"), "utf8")).toBe(written);
    expect(written).toContain("## heddle sweep submit slurm");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
