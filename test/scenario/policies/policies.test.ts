import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { POLICY_NOTES } from "../../../src/scenario/describe/notes.js";
import { describePolicies } from "../../../src/scenario/describe/policies.js";
import { policiesAsMarkdown } from "../../../src/scenario/describe/text.js";

describe("the policies", () => {
  const policies = describePolicies();

  it("are those that have a note, each with a summary and a source", () => {
    const noted = Object.entries(POLICY_NOTES).flatMap(([path, notes]) =>
      Object.keys(notes).map((name) => `${path} ${name}`),
    );
    expect(policies.map(({ path, name }) => `${path} ${name}`).toSorted()).toEqual(noted.toSorted());
    for (const { summary, source } of policies) {
      expect(summary.length).toBeGreaterThan(10);
      expect(source.length).toBeGreaterThan(10);
    }
  });

  it("have parameters with a unit, a description, and the default of the schema", () => {
    for (const { parameters } of policies) {
      for (const { unit, description } of parameters) {
        expect(unit).not.toContain("any");
        expect(description.length).toBeGreaterThan(5);
      }
    }
    const dcqcn = policies.find(({ name }) => name === "dcqcn")!;
    const byName = new Map(dcqcn.parameters.map((parameter) => [parameter.path.split(".").at(-1), parameter]));
    expect(byName.get("timer")).toMatchObject({ unit: "time", default: "55us" });
    expect(byName.get("byteCounter")).toMatchObject({ unit: "size | off", default: "10MB" });
  });

  it("stand in docs/POLICIES.md as they are (npm run docs writes it)", () => {
    const page = readFileSync(new URL("../../../docs/POLICIES.md", import.meta.url), "utf8");
    expect(page).toBe(policiesAsMarkdown(policies));
  });
});
