import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { heddle, heddleInterrupted, MAIN } from "./heddle.js";

const SWEEP = `name: shards
base:
  topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 8, radix: 8 }
  workload: { kind: flows, flows: [{ src: 0, dst: 1, size: 4KiB }] }
axes: { "workload.flows[0].size": { range: [1KiB, 5KiB], step: 1KiB } }
seeds: 2
`;

let file: string;
let expected: Buffer;

beforeAll(() => {
  const dir = mkdtempSync(join(tmpdir(), "heddle-"));
  file = join(dir, "shards.yaml");
  writeFileSync(file, SWEEP);
  expect(heddle(["sweep", file, "--out", join(dir, "local"), "--quiet"]).code).toBe(0);
  expected = readFileSync(join(dir, "local", "points.ndjson"));
}, 100_000);

function planned(): string {
  const store = join(mkdtempSync(join(tmpdir(), "heddle-")), "store");
  const { code, stdout } = heddle(["sweep", "plan", file, "--out", store]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^shards: 10 points\n {2}work .*one core\n {2}memory/);
  return store;
}

describe("a sweep in shards", () => {
  it("is byte-equal to one that ran in one place, and complete only when all are in", () => {
    const store = planned();
    expect(heddle(["sweep", "run", store, "--shard", "0/3", "--quiet"]).code).toBe(0);
    expect(heddle(["sweep", "status", store, "--shards", "3"]).stdout).toBe(
      "shards: 3 of 10 points done (30.0 %)\nshard  done  failed\n0/3     3/3       0  done\n1/3     0/3       0  -\n2/3     0/4       0  -\n",
    );
    const early = heddle(["sweep", "merge", store]);
    expect(early.code).toBe(3);
    expect(early.stderr).toMatch(
      /7 of 10 points have no result\n( {2}[0-9a-f]{16} {2}workload\.flows.*not simulated yet\n){7}/,
    );
    const inArray = { SLURM_ARRAY_TASK_ID: "5", SLURM_ARRAY_TASK_MIN: "4", SLURM_ARRAY_TASK_COUNT: "3" };
    expect(heddle(["sweep", "run", store, "--quiet"], undefined, inArray).code).toBe(0);
    const indexed = { JOB_COMPLETION_INDEX: "2" };
    expect(heddle(["sweep", "run", store, "--shards", "3"], undefined, indexed).code).toBe(0);
    const again = heddle(["sweep", "run", store, "--shard", "2/3"]);
    expect(again.stderr).toContain("shard 2/3: 4 of 10 points, 4 finished already");
    const merged = heddle(["sweep", "merge", store]);
    expect(merged.code).toBe(0);
    expect(readFileSync(join(store, "points.ndjson"))).toEqual(expected);
    expect(readdirSync(join(store, "finished"))).toEqual([]);
  });

  it("goes on locally with what shards have left", () => {
    const store = planned();
    expect(heddle(["sweep", "run", store, "--shard", "1/2", "--quiet"]).code).toBe(0);
    expect(heddle(["sweep", file, "--out", store]).stderr).toContain("5 points are in the store already");
    expect(readFileSync(join(store, "points.ndjson"))).toEqual(expected);
  });

  it("refuses shards that are not, and plans of other builds", () => {
    const store = planned();
    expect(heddle(["sweep", "run", store])).toMatchObject({ code: 2, stderr: expect.stringContaining("which shard?") });
    expect(heddle(["sweep", "run", store, "--shard", "3/3"]).code).toBe(2);
    const manifest = join(store, "sweeps", "shards.json");
    writeFileSync(
      manifest,
      readFileSync(manifest, "utf8").replace(/("coreDigest": ")[0-9a-f]{16}/, "$10000000000000000"),
    );
    const { code, stderr } = heddle(["sweep", "run", store, "--shard", "0/3"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`planned by another build of heddle (0.1.0); plan it again: heddle sweep plan ${file}`);
  });

  it("stops at SIGTERM with exit code 130 and keeps what is finished", async () => {
    const store = join(mkdtempSync(join(tmpdir(), "heddle-")), "store");
    const long = join(store, "..", "long.yaml");
    writeFileSync(
      long,
      // Frames that are lost at random keep a long run from being skipped.
      SWEEP.replace("[1KiB, 5KiB], step: 1KiB", "[1KiB, 2TiB], points: 2")
        .replace("seeds: 2", "seeds: 1")
        .replace("  workload", "  links: { scaleUp: { frameLossRatio: 1e-3, cell: mtu } }\n  workload"),
    );
    expect(heddle(["sweep", "plan", long, "--out", store, "--quiet"]).code).toBe(0);
    const args = ["sweep", "run", store, "--shard", "0/1", "--workers", "2", "--progress"];
    const { code, stderr } = await heddleInterrupted(args, /1 of 2 points/, "SIGTERM");
    expect(code).toBe(130);
    expect(stderr).toContain("shard 0/1 interrupted, 1 point is left");
    expect(readdirSync(join(store, "finished")).filter((name) => name.endsWith(".json"))).toHaveLength(1);
  }, 60_000);
});

/** Commands of a made-up Slurm, which note how they were called. */
function fakeSlurm(dir: string, squeue = ""): Record<string, string> {
  const bin = join(dir, "bin");
  mkdirSync(bin);
  const command = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${dir}/calls'\n${text}`);
    chmodSync(join(bin, name), 0o755);
  };
  command("scontrol", "echo 'Configuration data'; echo 'MaxArraySize            = 3'\n");
  command(
    "sbatch",
    `n=$(cat '${dir}/n' 2>/dev/null || echo 40); n=$((n + 1)); echo $n > '${dir}/n'; echo "$n;alpha"\n`,
  );
  command("squeue", squeue);
  return { PATH: `${bin}${delimiter}${process.env.PATH}` };
}

describe("heddle sweep submit slurm", () => {
  it("submits an array and the job that merges it, and tells how they are", () => {
    const store = planned();
    const dir = mkdtempSync(join(tmpdir(), "heddle-"));
    const slurm = fakeSlurm(dir, "printf '1 RUNNING\\n2 PENDING\\n'");
    const options = ["--workers", "2", "--partition", "long", "--sbatch", "--qos=low", "--max-running", "2"];
    expect(heddle(["sweep", "run", store, "--shard", "0/3", "--quiet"]).code).toBe(0);
    const dry = heddle(["sweep", "submit", "slurm", store, ...options, "--shards", "3", "--dry-run"], undefined, slurm);
    expect(dry.code).toBe(0);
    expect(existsSync(join(store, "slurm"))).toBe(false);
    const { code, stdout } = heddle(["sweep", "submit", "slurm", store, ...options, "--shards", "3"], undefined, slurm);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^job 41: 7 points in 2 shards of 2 cores, about .* each; merged by job 42\n$/);
    const script = readFileSync(join(store, "slurm", "shards.sh"), "utf8");
    expect(dry.stdout).toBe(`${script}\n${readFileSync(join(store, "slurm", "shards-merge.sh"), "utf8")}`);
    // Only what is left, by at most two at a time.
    expect(script).toContain("#SBATCH --array=1-2%2\n");
    expect(script).toContain("#SBATCH --partition=long\n#SBATCH --qos=low\n");
    expect(script).toContain(
      `exec ${process.execPath} ${MAIN} sweep run ${store} --sweep shards --shards 3 --workers 2 --memory `,
    );
    expect(readFileSync(join(dir, "calls"), "utf8").trim().split("\n")).toEqual([
      ...["scontrol show config", "scontrol show config", `sbatch --parsable ${store}/slurm/shards.sh`],
      `sbatch --parsable --dependency=afterany:41 ${store}/slurm/shards-merge.sh`,
    ]);
    const status = heddle(["sweep", "status", store], undefined, slurm);
    expect(status.stdout).toBe(
      "shards: 3 of 10 points done (30.0 %)\nSlurm job 41, merged by 42\nshard  done  failed\n0/3     3/3       0  done\n1/3     0/3       0  RUNNING\n2/3     0/4       0  PENDING\n",
    );
    expect(JSON.parse(heddle(["sweep", "status", store, "--json"], undefined, slurm).stdout)).toMatchObject({
      ...{ sweep: "shards", points: 10, done: 3, failed: 0, job: "41" },
      shards: [{ state: null }, { state: "RUNNING" }, { state: "PENDING" }],
    });
    const second = heddle(["sweep", "submit", "slurm", store], undefined, slurm);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain("job 41 still has 2 shards of shards to run");
  });

  it("refuses what the cluster refuses, and says where Slurm is missing", () => {
    const store = planned();
    const dir = mkdtempSync(join(tmpdir(), "heddle-"));
    const slurm = fakeSlurm(dir);
    const many = heddle(["sweep", "submit", "slurm", store, "--shards", "4"], undefined, slurm);
    expect(many).toMatchObject({ code: 2, stderr: expect.stringContaining("MaxArraySize 3") });
    writeFileSync(
      join(dir, "bin", "sbatch"),
      "#!/bin/sh\necho 'sbatch: error: invalid partition specified: x' >&2; exit 1\n",
    );
    const refused = heddle(["sweep", "submit", "slurm", store, "--partition", "x"], undefined, slurm);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("sbatch failed: sbatch: error: invalid partition"),
    });
    rmSync(join(dir, "bin", "scontrol"));
    const nowhere = { PATH: join(dir, "bin") };
    const missing = heddle(["sweep", "submit", "slurm", store], undefined, nowhere);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("scontrol is not on this machine") });
    expect(heddle(["sweep", "submit", "slurm", store, "--dry-run"], undefined, nowhere).code).toBe(0);
  });
});
