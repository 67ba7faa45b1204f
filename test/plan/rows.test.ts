import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ControlId, PolicyId } from "../../src/engine/core/layout.js";
import { CONGESTION_CONTROL, CONTROL_PARAMETERS } from "../../src/plan/policies/congestion-control.js";
import { FLOW_CONTROL, FLOW_CONTROL_PARAMETERS, THRESHOLD_PARAMETERS } from "../../src/plan/policies/flow-control.js";
import { MECHANISM_PARAMETERS } from "../../src/plan/policies/mechanism-parameters.js";
import { MECHANISMS } from "../../src/plan/policies/mechanisms.js";
import { OWNERS } from "../../src/plan/policies/owners.js";
import type { Parameters } from "../../src/plan/policies/parameter.js";
import { RECOVERY } from "../../src/plan/policies/recovery.js";
import { policiesWith, ROUTING, ROUTING_PARAMETERS } from "../../src/plan/policies/routing.js";
import type { Acceleration, Row } from "../../src/plan/policies/row.js";
import { describePolicies } from "../../src/scenario/describe/policies.js";

const doc = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

/** `adaptive-remote` as the core spells it: `AdaptiveRemote`. */
const inCore = (name: string) => name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());

const idsOf = (rows: Readonly<Record<string, { readonly id: number }>>) =>
  Object.fromEntries(Object.entries(rows).map(([name, { id }]) => [inCore(name), id]));

const REGISTRIES: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  routing: ROUTING,
  recovery: RECOVERY,
  "congestion control": CONGESTION_CONTROL,
  "flow control": FLOW_CONTROL,
  mechanism: MECHANISMS,
};

const ROWS = Object.entries(REGISTRIES).flatMap(([registry, rows]) =>
  Object.entries(rows).map(([name, row]) => ({ registry, name, row })),
);

/** What a reason and a condition must be: some words. */
const says = (verdict: Acceleration) =>
  verdict === true || (typeof verdict === "string" ? verdict : verdict.while).split(" ").length > 2;

describe("the rows", () => {
  it.each(ROWS)("say all of $registry $name", ({ row }) => {
    expect(row.sentence).toMatch(/^[A-Z].{8,}\.$/s);
    expect(row.source.length).toBeGreaterThan(10);
    expect(typeof row.lean).toBe("boolean");
    expect([says(row.fastForward), says(row.symmetry)]).toEqual([true, true]);
  });

  it("of routing and congestion control have the numbers of the core", () => {
    expect(idsOf(ROUTING)).toEqual(PolicyId);
    expect(idsOf(CONGESTION_CONTROL)).toEqual(ControlId);
  });

  it.each(Object.entries(ROUTING))("of routing %s has all traits", (_, row) => {
    const { readsQueues, sprays, keepsPenalties, readsMarks, tellsQueues, fork } = row;
    for (const trait of [readsQueues, sprays, keepsPenalties, readsMarks, tellsQueues]) {
      expect(typeof trait).toBe("boolean");
    }
    expect(row.pathPer).toMatch(/^(destination|connection|queue-pair|flowlet|packet|unknown)$/);
    expect(says(fork)).toBe(true);
    for (const parameter of row.parameters) expect(ROUTING_PARAMETERS).toHaveProperty(parameter);
    // What only senders do, only senders' policies do.
    expect(sprays || !(keepsPenalties || readsMarks)).toBe(true);
  });

  it("use every parameter that a scenario may write", () => {
    for (const name of Object.keys(ROUTING_PARAMETERS)) {
      expect([name, policiesWith(({ parameters }) => parameters.some((own) => own === name)).length]).not.toEqual([
        name,
        0,
      ]);
    }
    for (const [name, row] of Object.entries(CONGESTION_CONTROL)) {
      expect(row.parameters ?? []).toEqual(Object.keys(CONTROL_PARAMETERS[name as keyof typeof CONTROL_PARAMETERS]));
    }
  });

  it("of mechanisms, flow control and recovery state the fields that the schema has of them", () => {
    const stated: Record<string, Record<string, Parameters>> = {
      flowControl: FLOW_CONTROL_PARAMETERS,
      "flowControl.threshold": THRESHOLD_PARAMETERS,
      "transport.congestionControl": CONTROL_PARAMETERS,
    };
    for (const { kind, path, name, parameters } of describePolicies()) {
      const known =
        kind === "mechanism" ? (MECHANISM_PARAMETERS as Record<string, Parameters>)[name] : stated[path]?.[name];
      if (known === undefined) continue;
      // A map with a row of its own, a mechanism's, is a field besides.
      const fields = parameters.map((field) => field.path.slice(field.path.lastIndexOf(".") + 1));
      expect([name, fields.filter((field) => field !== "watchdog").sort()]).toEqual([name, Object.keys(known).sort()]);
      for (const { path: field, default: usual } of parameters) {
        const own = known[field.slice(field.lastIndexOf(".") + 1)];
        if (own !== undefined && "default" in own) expect([field, usual]).toEqual([field, own.default]);
      }
    }
    for (const [name, { field }] of Object.entries(MECHANISMS)) {
      // Fields of faults in time stand in the schema alone: one row is for several kinds of them. So
      // does failover, which is true or a map.
      const without = ["telemetry", "programs", "reduction", "changes", "failover", "pfc-off"].includes(name);
      expect([field, name in MECHANISM_PARAMETERS]).toEqual([field, !without]);
    }
  });

  it("stand in the model's page and in the generated ones", () => {
    const [model, policies, combinations] = ["MODEL.md", "POLICIES.md", "COMBINATIONS.md"].map(doc);
    for (const name of Object.keys(ROUTING)) expect(model).toContain(`\`${name}\``);
    for (const { name, registry } of ROWS) expect(combinations).toContain(`| ${registry} | ${name} |`);
    for (const name of [...Object.keys(ROUTING), ...Object.keys(CONGESTION_CONTROL)]) {
      expect(policies).toContain(`### ${name}\n`);
    }
  });

  it("of mechanisms have fields of a plan, or come with a policy that has", () => {
    const owners = new Set(Object.values(OWNERS).flatMap((fields) => Object.values(fields)));
    const without = Object.keys(MECHANISMS).filter((name) => !owners.has(name as keyof typeof MECHANISMS));
    // Moves of queue pairs are among the changes.
    expect(without).toEqual(["telemetry", "cnp-delay", "failover"]);
  });
});
