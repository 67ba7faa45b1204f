import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { beforeEach, describe, expect, it, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { type PointRow, parseRow } from "../../src/study/sweep/row.js";
import { heddle, heddleInterrupted, MAIN } from "./heddle.js";

let dir: string;
let file: string;
let store: string;

const BASE = `base:
  topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 8, radix: 8 }
  workload: { kind: collective, size: 64KiB }
`;
const AXES = "axes:\n  routing.policy: [ecmp, pinned]\n  workload.size: [64KiB, 128KiB]\nseeds: 2\n";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "heddle-"));
  file = join(dir, "policies.yaml");
  store = join(dir, "store");
  writeFileSync(file, BASE + AXES);
});

function rows(): PointRow[] {
  return readFileSync(join(store, "points.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => parseRow(line)!);
}

describe("heddle sweep", () => {
  it("simulates every point into a store, and finds it there the next time", () => {
    const first = heddle(["sweep", file, "--out", store]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^routing\.policy +workload\.size +points +JCT mean +p50 +p99\n/);
    expect(first.stdout.trimEnd().split("\n")).toHaveLength(5);
    const found = rows();
    expect(found).toHaveLength(8);
    // Each row is what a single run of its point says.
    for (const row of found.slice(0, 2)) {
      const set = Object.entries({ ...row.axes, seed: row.seed }).flatMap(([path, value]) => [
        "--set",
        `${path}=${value}`,
      ]);
      const scenario =
        "topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 8, radix: 8 }\nworkload: { kind: collective }\n";
      const run = heddle(["run", "-", ...set, "--set", "name=policies", "--json", "--quiet"], scenario);
      const result = JSON.parse(run.stdout) as ResultDocument;
      expect([row.engineDigest, row.scenarioDigest]).toEqual([result.engine.digest, result.scenario.digest]);
      expect(row.metrics).toMatchObject({
        jctNs: result.jctNs,
        busbwGBps: result.busbwGBps,
        packetsSent: result.packets.sent,
      });
    }
    const before = readFileSync(join(store, "points.ndjson"));
    const second = heddle(["sweep", file, "--out", store]);
    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    expect(second.stderr).toContain("8 points are in the store already");
    expect(readFileSync(join(store, "points.ndjson"))).toEqual(before);
  });

  it("says that the sweep has changed, and shares what stays", () => {
    expect(heddle(["sweep", file, "--out", store, "--quiet"]).code).toBe(0);
    writeFileSync(file, BASE + AXES.replace("128KiB", "256KiB"));
    const { code, stderr } = heddle(["sweep", file, "--out", store]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      "the sweep or its scenario has changed: 4 points are new, 4 are no longer part of it, 4 stay",
    );
    expect(stderr).toContain("4 points are in the store already");
    expect(rows()).toHaveLength(12);
    // Another sweep into the same store has two of these points, whatever they are called.
    const other = join(dir, "other.yaml");
    writeFileSync(other, `name: sizes\n${BASE}axes: { workload.size: [65536B, 1KiB] }\nseeds: 2\n`);
    expect(heddle(["sweep", other, "--out", store]).stderr).toContain("2 points are in the store already");
    expect(rows()).toHaveLength(14);
    const ambiguous = heddle(["sweep", "show", store]);
    expect(ambiguous.code).toBe(2);
    expect(ambiguous.stderr).toContain("several sweeps (policies, sizes); name one: --sweep policies");
    expect(heddle(["sweep", "show", store, "--sweep", "sizes"]).stdout).toMatch(/^workload\.size +points/);
    expect(heddle(["sweep", "export", store]).stdout.trimEnd().split("\n")).toHaveLength(1 + 8 + 4);
  });

  it("keeps the bytes of a sweep that ran undisturbed, whatever the workers", () => {
    expect(heddle(["sweep", file, "--out", store, "--quiet", "--workers", "1"]).code).toBe(0);
    const other = join(dir, "other");
    expect(heddle(["sweep", file, "--out", other, "--quiet", "--workers", "3", "--keep-results"]).code).toBe(0);
    expect(readFileSync(join(other, "points.ndjson"))).toEqual(readFileSync(join(store, "points.ndjson")));
    const kept = readdirSync(join(other, "results"));
    expect(kept.sort()).toEqual(rows().map(({ id }) => `${id}.json`));
    const result = JSON.parse(readFileSync(join(other, "results", kept[0]!), "utf8")) as ResultDocument;
    expect(result.engine.digest).toBe(rows()[0]!.engineDigest);
    expect(result.scenario.document).toBeDefined();
  });

  it("lists points that failed and jobs that could not finish, with exit code 3", () => {
    writeFileSync(
      file,
      `${BASE}  transport: { rto: 10us, retryLimit: 0 }\naxes:\n  links.access.ber: [0, 4e-3]\n  routing.policy: [pinned]\n`,
    );
    const stuck = heddle(["sweep", file, "--out", store, "--quiet"]);
    expect(stuck.code).toBe(3);
    expect(stuck.stdout).toContain("1 could not finish");
    expect(stuck.stderr).toMatch(
      /the jobs of 1 of 2 points could not finish\n {2}[0-9a-f]{16} {2}links\.access\.ber=0\.004, .*at its first timeout/,
    );
    const large = BASE.replace("64KiB", "4GiB");
    writeFileSync(file, `${large}axes: { routing.policy: [ecmp] }\n`);
    const late = heddle(["sweep", file, "--out", store, "--quiet", "--timeout", "500ms"]);
    expect(late.code).toBe(3);
    expect(late.stderr).toMatch(
      /1 of 1 point has no result\n {2}[0-9a-f]{16} {2}routing\.policy=ecmp, seed=1: it took longer than 0\.5 s/,
    );
    const small = heddle(["sweep", file, "--out", store, "--quiet", "--memory", "1MiB"]);
    expect(small.code).toBe(3);
    expect(small.stderr).toContain("more than the 1 MiB there may be");
  });

  it("stops at Ctrl-C, and goes on from there", async () => {
    writeFileSync(file, `${BASE}axes: { workload.size: [64KiB, 65KiB, 66KiB, 4GiB, 5GiB] }\n`);
    const { code, stderr } = await heddleInterrupted(
      ["sweep", file, "--out", store, "--progress"],
      /running/,
      "SIGINT",
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/points are left: heddle sweep --resume /);
    expect(existsSync(join(store, "lock"))).toBe(false);
    writeFileSync(file, `${BASE}axes: { workload.size: [64KiB, 65KiB, 66KiB] }\n`);
    expect(heddle(["sweep", file, "--resume", "--out", store, "--quiet"]).code).toBe(0);
    expect(heddle(["sweep", "--resume", "--out", store]).stderr).toContain("3 points are in the store already");
    expect(heddle(["sweep", "--resume", store]).code).toBe(0);
  }, 60_000);

  it("refuses a wrong sweep with exit code 2 and makes no folder", () => {
    writeFileSync(file, `${BASE}axes: { routing.policy: [ecpm], nothing: [1] }\n`);
    const { code, stderr } = heddle(["sweep", file, "--out", store]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:4:26: routing.policy: "ecpm" is not known (did you mean "ecmp"?)`);
    expect(stderr).toContain(`${file}:4:43: nothing: unknown key nothing`);
    expect(existsSync(join(store, "points.ndjson"))).toBe(false);
    writeFileSync(file, `${BASE}seeds: 2\n  faults: [{ kind: link-down, from: gpu-0, to: nowhere, start: 1us }]\n`);
    expect(heddle(["sweep", file, "--out", store]).code).toBe(2);
    expect(heddle(["sweep", "--resume", file, "--out", store]).code).toBe(2);
    expect(heddle(["sweep"]).stderr).toContain("name a sweep file");
    expect(heddle(["sweep", "hello"]).stderr).toContain("hello is a scenario: write base: hello in a sweep file");
  });

  it("plans anew what a damaged plan was, and takes no option that it would not heed", () => {
    expect(heddle(["sweep", file, "--out", store, "--quiet"]).code).toBe(0);
    writeFileSync(join(store, "sweeps", "policies.json"), "{");
    expect(heddle(["sweep", "show", store]).stderr).toContain("is damaged: it is not JSON; plan the sweep again");
    const again = heddle(["sweep", file, "--out", store]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("policies.json is damaged; the sweep is planned anew\n8 points are in the store");
    const other = heddle(["sweep", file, "--out", store, "--sweep", "other"]);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining(`that of ${file} is policies`) });
    const resumed = heddle(["sweep", "--resume", store, "--tornado"]);
    expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining("leave --tornado out") });
  });

  it("leaves out combinations that cannot be built where the sweep says so", () => {
    const fault = "{ kind: link-down, from: gpu-0, to: nowhere, start: 1us }";
    writeFileSync(file, `${BASE}axes: { faults: [[], [${fault}]] }\n`);
    const refused = heddle(["sweep", file, "--out", store]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^heddle: with faults=\[.*nowhere.*\nwrite invalid: skip.*\n$/);
    writeFileSync(file, `${BASE}invalid: skip\naxes: { faults: [[], [${fault}]] }\n`);
    const { code, stderr } = heddle(["sweep", file, "--out", store]);
    expect(code).toBe(0);
    expect(stderr).toContain("1 combination is not valid and left out");
  });

  it("leaves no folder behind that it made for a sweep which cannot be planned, and says a fault once", () => {
    for (const [base, fault] of [
      [BASE.replace("64KiB", "64Kib"), "workload.size"],
      [`${BASE}  faults: [{ kind: link-down, from: leaf-0, to: nowhere, at: 1us }]\n`, "nowhere"],
    ] as const) {
      writeFileSync(file, `${base}axes: { routing.policy: [ecmp, spray, adaptive] }\n`);
      const { code, stderr } = heddle(["sweep", file, "--out", store]);
      expect(code).toBe(2);
      expect(stderr.split(fault)).toHaveLength(2);
      expect(existsSync(store)).toBe(false);
    }
  });

  it("reads its base from a file beside it, or a bundled example, and from nowhere else", () => {
    writeFileSync(join(dir, "base.yaml"), BASE.replace(/^base:\n/, "").replaceAll(/^ {2}/gm, ""));
    const axes = "axes: { workload.size: [64KiB] }\n";
    writeFileSync(file, `base: base.yaml\n${axes}`);
    expect(heddle(["sweep", file, "--out", store, "--quiet"]).code).toBe(0);
    writeFileSync(file, `base: hello\n${axes}`);
    expect(heddle(["sweep", file, "--out", store, "--quiet", "--set", "topology.gpus=8"]).code).toBe(0);
    writeFileSync(file, `base: ../${"secret"}.yaml\n${axes}`);
    writeFileSync(join(dir, "..", "secret.yaml"), "a: 1\n");
    const { code, stderr } = heddle(["sweep", file, "--out", store]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:1:7: base: "../secret.yaml" is outside of the sweep's folder`);
  });
});

describe.skipIf(!existsSync("/dev/full"))("heddle sweep where there is no room", () => {
  /** The program under a shell that limits it. */
  const limited = (shell: string, args: readonly string[]) => {
    const { status, stderr } = spawnSync("sh", ["-c", shell, process.execPath, MAIN, ...args], { encoding: "utf8" });
    return { code: status, stderr };
  };

  it("says so, keeps what is finished, and goes on when there is", () => {
    writeFileSync(file, `${BASE}axes: { workload.size: [1KiB, 2KiB, 3KiB, 4KiB] }\nseeds: 15\n`);
    // Blocks of 512 bytes: enough for the plan, not for the rows.
    const full = limited('ulimit -f 40; exec "$0" "$@"', ["sweep", file, "--out", store, "--quiet"]);
    expect(full.code).toBe(2);
    expect(full.stderr).toContain(`heddle: cannot use the store ${store}: the file would be larger than is allowed`);
    expect(full.stderr).toContain("what is finished is kept");
    expect(existsSync(join(store, "lock"))).toBe(false);
    const again = heddle(["sweep", file, "--out", store]);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/^\d+ points are in the store already\n/);
    expect(rows()).toHaveLength(60);
    const shown = limited('exec "$0" "$@" > /dev/full', ["sweep", "show", store]);
    expect(shown).toEqual({ code: 2, stderr: "heddle: cannot write standard output: no space left on the device\n" });
  });

  it("ends where a file system denies the folder", () => {
    const denied = heddle(["sweep", file, "--out", "/proc/heddle/store"]);
    expect(denied).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot write /proc/heddle/store: ") });
  });
});

test("the bundled sweep runs, scaled down", () => {
  const set = ["--set", "workload.size=4KiB", "--set", "topology.gpus=32"];
  const { code, stdout } = heddle(["sweep", "routing-sweep", ...set, "--out", store, "--quiet"]);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n")).toHaveLength(1 + 15);
  expect(heddle(["examples"]).stdout).toMatch(/^routing-sweep +A sweep: routing against/m);
});

test("heddle sweep export writes what other programs read", async () => {
  expect(heddle(["sweep", file, "--out", store, "--quiet"]).code).toBe(0);
  const lines = heddle(["sweep", "export", store, "--format", "ndjson"]).stdout.trimEnd().split("\n");
  const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(objects).toHaveLength(8);
  expect(objects[7]).toMatchObject({
    sweep: "policies",
    "routing.policy": "pinned",
    "workload.size": "128KiB",
    "workload.sizeBytes": 131072,
    seed: 2,
    status: "finished",
  });
  const out = join(dir, "points.parquet");
  expect(heddle(["sweep", "export", store, "--format", "parquet", "--out", out]).code).toBe(0);
  expect(await parquetReadObjects({ file: await asyncBufferFromFile(out) })).toEqual(objects);
  const csv = heddle(["sweep", "export", store]).stdout.split("\n");
  expect(csv[0]!.split(",")).toEqual(Object.keys(objects[0]!));
  expect(heddle(["sweep", "export", store, "--format", "parquet"]).stderr).toContain("name a file");
  expect(heddle(["sweep", "export", join(dir, "nothing")]).code).toBe(2);
});

test("heddle sweep show groups by axes", () => {
  expect(heddle(["sweep", file, "--out", store, "--quiet"]).code).toBe(0);
  const { stdout } = heddle(["sweep", "show", store, "--by", "workload.size", "--metric", "jctNs,busbwGBps", "--json"]);
  const groups = JSON.parse(stdout) as { axes: object; points: number; metrics: Record<string, { mean: number }> }[];
  expect(groups.map(({ axes, points }) => [axes, points])).toEqual([
    [{ "workload.size": "64KiB" }, 4],
    [{ "workload.size": "128KiB" }, 4],
  ]);
  const jcts = rows()
    .filter(({ axes }) => axes["workload.size"] === "64KiB")
    .map(({ metrics }) => metrics.jctNs!);
  expect(groups[0]!.metrics.jctNs!.mean).toBeCloseTo(jcts.reduce((a, b) => a + b) / 4, 6);
  expect(heddle(["sweep", "show", store, "--by", "workload.sise"]).stderr).toContain('did you mean "workload.size"?');
  expect(heddle(["sweep", "show", store, "--metric", "jct"]).code).toBe(2);
});

describe("heddle sweep with routing policies from files", () => {
  const turns = (step: number) =>
    `import type { Decision, u32 } from "heddle";
export function choose(decision: Decision): u32 {
  const turn = decision.groupState(0);
  decision.setGroupState(0, turn + ${step});
  return turn % decision.count;
}
`;
  const spread = `base:
  preset: multipath
  topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 1, radix: 8 }
  workload: { kind: flows, pattern: permutation, size: 64KiB }
axes: { routing.policy: [ecmp, ./turns.ts, round-robin] }
`;

  beforeEach(() => {
    writeFileSync(file, spread);
    writeFileSync(join(dir, "turns.ts"), turns(1));
  });

  it("runs what was planned, here and in shards, to the same bytes, and notices that a file has changed", () => {
    const first = heddle(["sweep", file, "--out", store]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^\.\/turns\.ts /m);
    const bytes = readFileSync(join(store, "points.ndjson"));
    // In turn is in turn, whoever wrote it; but the runs are told apart.
    const [mine, builtIn] = ["./turns.ts", "round-robin"].map(
      (policy) => rows().find((row) => row.axes["routing.policy"] === policy)!,
    );
    expect(mine!.metrics.jctNs).toBe(builtIn!.metrics.jctNs);
    expect(mine!.id).not.toBe(builtIn!.id);
    const set = ["--set", "name=policies", "--policy", join(dir, "turns.ts")];
    const scenario = spread
      .slice(0, spread.indexOf("axes"))
      .replace(/^base:\n/, "")
      .replaceAll(/^ {2}/gm, "");
    const single = JSON.parse(heddle(["run", "-", ...set, "--json", "--quiet"], scenario).stdout) as ResultDocument;
    expect([mine!.engineDigest, mine!.scenarioDigest]).toEqual([single.engine.digest, single.scenario.digest]);

    const other = join(dir, "other");
    expect(heddle(["sweep", "plan", file, "--out", other]).code).toBe(0);
    // What is run is the policy as it was planned: the file may go.
    writeFileSync(join(dir, "turns.ts"), turns(3));
    for (const shard of ["0/2", "1/2"])
      expect(heddle(["sweep", "run", other, "--shard", shard, "--quiet"]).code).toBe(0);
    expect(heddle(["sweep", "merge", other]).code).toBe(0);
    expect(readFileSync(join(other, "points.ndjson"))).toEqual(bytes);

    const again = heddle(["sweep", file, "--out", store]);
    expect(again.stderr).toContain("1 point is new, 1 is no longer part of it, 2 stay");
    expect(again.stderr).toContain("2 points are in the store already");
    expect(rows()).toHaveLength(4);
  });

  it("refuses a policy in the store that is not what was planned", () => {
    expect(heddle(["sweep", "plan", file, "--out", store]).code).toBe(0);
    const [digest] = readdirSync(join(store, "policies"));
    const path = join(store, "policies", digest!, "turns.ts");
    writeFileSync(path, turns(3));
    const changed = heddle(["sweep", "run", store, "--shard", "0/1"]);
    expect(changed.code).toBe(2);
    expect(changed.stderr).toContain(
      "is not the policy that was planned: its content has changed; plan the sweep again",
    );
    rmSync(path);
    const missing = heddle(["sweep", "--resume", store]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain("there is no such file; plan the sweep again");
    expect(heddle(["sweep", file, "--out", store, "--quiet"]).code).toBe(0);
  });
});
