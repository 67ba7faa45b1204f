import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FAMILIES } from "../../../src/plan/policies/families.js";
import { MECHANISMS } from "../../../src/plan/policies/mechanisms.js";
import { combinationsAsMarkdown } from "../../../src/scenario/describe/combinations.js";
import { describePolicies } from "../../../src/scenario/describe/policies.js";
import { policiesAsMarkdown } from "../../../src/scenario/describe/text.js";

describe("the policies", () => {
  const policies = describePolicies();

  it("are the rows of the registries, each with a summary and a source", () => {
    const rows = Object.entries(FAMILIES).flatMap(([path, family]) =>
      Object.keys(family).map((name) => `${path} ${name}`),
    );
    const mechanisms = Object.entries(MECHANISMS)
      .filter(([, { field }]) => !(field in FAMILIES))
      .map(([name, { field }]) => `${field} ${name}`);
    const described = policies.map(({ path, name }) => `${path} ${name}`);
    expect(described.toSorted()).toEqual([...rows, ...mechanisms].toSorted());
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

  it("go together as docs/COMBINATIONS.md says (npm run docs writes it)", () => {
    const page = readFileSync(new URL("../../../docs/COMBINATIONS.md", import.meta.url), "utf8");
    expect(page).toBe(combinationsAsMarkdown());
  });
});
