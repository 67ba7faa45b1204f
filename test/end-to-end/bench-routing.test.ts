import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { ROUTING, ROUTING_POLICIES } from "../../src/plan/policies/routing.js";
import type { ShootoutDocument } from "../../src/study/shootout/document.js";
import { heddle, heddleInterrupted } from "./heddle.js";

const SMALL = ["bench-routing", "routing-shootout", "--set", "topology.gpus=32", "--size", "64KiB"];
const folder = () => mkdtempSync(join(tmpdir(), "heddle-"));

describe("heddle bench-routing", () => {
  it("ranks policies that meet the same traffic, and draws the same chart every time", () => {
    const [out, chart] = [folder(), join(folder(), "chart.png")];
    const args = [...SMALL, "--policies", "ecmp,adaptive,reps", "--seeds", "7", "--quiet"];
    const first = heddle([...args, "--json", "--out", out, "--patterns", "permutation,ring-boundary,degraded-link"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const document = JSON.parse(first.stdout) as ShootoutDocument;
    expect(document).toMatchObject({ schema: "heddle.bench-routing/1", status: "finished" });
    expect(document.runs).toHaveLength(3 * 3 * 7);
    expect(document.runs.every(({ status }) => status === "finished")).toBe(true);
    const [permutation] = document.patterns;
    expect(permutation!.ranking!.entries.map(({ policy, group }) => [policy, group])).toEqual([
      ["adaptive", "a"],
      ["reps", "b"],
      ["ecmp", "c"],
    ]);
    // Hashing by connection never reorders, the others do.
    const share = (policy: string) => permutation!.policies.find((report) => report.policy === policy)!.figures;
    expect(share("ecmp").outOfOrderShare!.value).toBe(0);
    expect(share("reps").outOfOrderShare!.value).toBeGreaterThan(0.05);
    expect(document.overall!.entries[0]!.policy).toBe("adaptive");
    // Any run can be had by itself.
    const { settings, engineDigest, figures } = document.runs.at(-1)!;
    const single = heddle([
      "run",
      ...SMALL.slice(1, 4),
      ...settings.flatMap((set) => ["--set", set]),
      "--json",
      "--quiet",
    ]);
    const result = JSON.parse(single.stdout) as ResultDocument;
    expect([result.engine.digest, result.jctNs]).toEqual([engineDigest, figures!.jctNs]);

    expect(readdirSync(out).sort()).toEqual(["chart.svg", "result.json", "table.txt"]);
    expect(readFileSync(join(out, "result.json"), "utf8")).toBe(first.stdout);
    expect(readFileSync(join(out, "table.txt"), "utf8")).toMatch(/adaptive is significantly better than all others/);
    const svg = readFileSync(join(out, "chart.svg"), "utf8");

    const again = heddle([
      ...args,
      ...["--out", out, "--chart", chart, "--jobs", "1", "--patterns", "degraded-link,permutation,ring-boundary"],
    ]);
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).toBe(readFileSync(join(out, "table.txt"), "utf8"));
    expect(readFileSync(join(out, "result.json"), "utf8")).toBe(first.stdout);
    expect(readFileSync(join(out, "chart.svg"), "utf8")).toBe(svg);
    expect(readFileSync(chart).subarray(1, 4).toString()).toBe("PNG");
  });

  it("runs every policy unless told which, and says where seeds are too few", () => {
    const { code, stdout, stderr } = heddle([
      ...SMALL,
      "--seeds",
      "1",
      "--patterns",
      "ring-boundary,incast",
      "--quiet",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    const possible = ROUTING_POLICIES.filter((name) => name !== "custom" && !ROUTING[name].detours);
    for (const policy of possible) {
      expect(stdout).toMatch(new RegExp(`\\s${policy}\\s`));
    }
    expect(stdout).toMatch(/1 seed is too few for significance/);
    expect(stdout).toMatch(/is not told apart from/);
    const single = ["bench-routing", "pfc-victim", "--policies", "ecmp,spray", "--patterns", "incast", "--seeds", "1"];
    expect(heddle([...single, "--size", "4KiB", "--quiet"]).stdout).toMatch(/No policy makes a difference in any run/);
  });

  it("takes policies from files", () => {
    const drill = fileURLToPath(new URL("../../examples/custom-routing/drill.ts", import.meta.url));
    const args = ["--policies", `ecmp,${drill}`, "--patterns", "permutation", "--seeds", "6", "--json", "--quiet"];
    const { code, stdout, stderr } = heddle([...SMALL, ...args]);
    expect([code, stderr]).toEqual([0, ""]);
    const [permutation] = (JSON.parse(stdout) as ShootoutDocument).patterns;
    expect(permutation!.ranking!.entries.map(({ policy, group }) => [policy, group])).toEqual([
      [drill, "a"],
      ["ecmp", "b"],
    ]);
  });

  it("refuses what it cannot do, with what would be right", () => {
    const wrong: [string[], RegExp][] = [
      [["--policies", "ecmp,adpative"], /no routing policy "adpative" \(did you mean "adaptive"\?\)/],
      [["--policies", "ecmp"], /two policies at least/],
      [["--policies", "ecmp,./none.ts"], /none\.ts: there is no such file/],
      [["--patterns", "incas"], /no pattern "incas" \(did you mean "incast"\?\)/],
      [["--chart", "chart.pdf"], /\.svg or \.png/],
      [["--seeds", "0"], /number of seeds/],
      [["--size", "64"], /no unit|has no unit|write/],
      [["--set", "topology.gpus=-1"], /topology\.gpus/],
      [["--set", "topology.gpus=4", "--patterns", "degraded-link"], /no links between switches/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = heddle([...SMALL, ...args]);
      expect([args, code, stdout]).toEqual([args, 2, ""]);
      expect(stderr).toMatch(message);
    }
  });

  it("lists runs that take too long, and ends with exit code 3", () => {
    const args = ["--policies", "ecmp,spray", "--patterns", "permutation", "--seeds", "1", "--timeout", "1ms"];
    const { code, stdout, stderr } = heddle([...SMALL, ...args, "--quiet"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/2 runs failed; ecmp under permutation, seed 1: TimeoutError/);
    expect(stdout).toMatch(/ecmp is not ranked: 1 of 1 run did not finish/);
  });

  it("stops at Ctrl-C with what had ended by then", async () => {
    const args = ["--policies", "ecmp,spray", "--seeds", "2000", "--patterns", "permutation", "--json", "--progress"];
    const { code, stdout, stderr } = await heddleInterrupted([...SMALL, ...args], /[1-9]\d* of 4000 runs/, "SIGINT");
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted/);
    const document = JSON.parse(stdout) as ShootoutDocument;
    expect(document.status).toBe("cancelled");
    expect(document.runs.length).toBeGreaterThan(0);
    expect(document.runs.length).toBeLessThan(4000);
  });
});
