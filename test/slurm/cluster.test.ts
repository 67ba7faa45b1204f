import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StoreFolder } from "../../src/study/store/folder.js";
import { finishedIds } from "../../src/study/store/rows.js";
import { heddle } from "../end-to-end/heddle.js";
import { Cluster, until, whyNoCluster } from "./cluster.js";

/** 200 points, long enough that a node can be lost in the middle. */
const SWEEP = `name: cluster
base:
  topology: { kind: leaf-spine, gpus: 16, gpusPerNode: 8, radix: 8 }
  workload: { kind: collective, size: 256KiB }
axes:
  routing.policy: [ecmp, pinned]
  workload.size: { log: [512KiB, 4MiB], points: 10 }
seeds: 10
`;

const reason = whyNoCluster();
if (reason !== undefined) console.log(`not run: a sweep on a Slurm cluster: ${reason}`);

test.skipIf(reason !== undefined)(
  "a sweep on a Slurm cluster that loses a node, and a shard of which is out of time, is complete and byte-equal to a local one",
  async () => {
    const dir = mkdtempSync(join(tmpdir(), "heddle-slurm-"));
    const file = join(dir, "cluster.yaml");
    writeFileSync(file, SWEEP);
    const [local, store] = [join(dir, "local"), join(dir, "store")];
    const folder = new StoreFolder(store);
    expect(heddle(["sweep", file, "--out", local, "--quiet"]).code).toBe(0);
    expect(heddle(["sweep", "plan", file, "--out", store, "--quiet"]).code).toBe(0);
    const cluster = await Cluster.start(dir);
    try {
      // Six shards, three at a time: each node has one, and more to come.
      const options = ["--workers", "1", "--shards", "6", "--mem", "1GiB"];
      const submitted = heddle(["sweep", "submit", "slurm", store, ...options], undefined, cluster.variables);
      expect(submitted).toMatchObject({ code: 0, stderr: "" });
      expect(submitted.stdout).toMatch(/^job \d+: 200 points in 6 shards of 1 core,/);
      // Every one of the first three shards has finished some by then.
      await untilFinished(folder, 20);
      await until("node2 to be at work", () => cluster.jobsOf("node2").length > 0);
      const before = await finishedIds(folder);
      expect(before.size).toBeLessThan(200);
      // What a shard gets a minute before its time limit.
      const [late] = cluster.jobsOf("node1");
      process.kill(late!, "SIGTERM");
      expect(cluster.killNode("node2")).toBeGreaterThan(0);
      const status = heddle(["sweep", "status", store, "--json"], undefined, cluster.variables);
      expect(JSON.parse(status.stdout)).toMatchObject({ points: 200, shards: { length: 6 } });
      const merged = () =>
        cluster.slurm("squeue", ["-h", "-t", "all", "-n", "heddle-cluster-merge", "-o", "%T"]).trim();
      await until("the merge", () => ["COMPLETED", "FAILED"].includes(merged()), 240_000);
      expect(merged()).toBe("COMPLETED");
      // Slurm took the lost shard up again on another node, and the one whose time was over.
      const restarts = cluster.slurm("scontrol", ["show", "job"]).match(/Restarts=[1-9]/g) ?? [];
      expect(restarts.length).toBeGreaterThan(1);
      const logs = readdirSync(join(store, "slurm")).map((name) => readFileSync(join(store, "slurm", name), "utf8"));
      expect(
        logs.filter((log) => /interrupted, \d+ points are left\n.*goes back into the queue/.test(log)),
      ).toHaveLength(1);
      expect(readFileSync(folder.rows)).toEqual(readFileSync(join(local, "points.ndjson")));
      expect(heddle(["sweep", "status", store], undefined, cluster.variables).stdout).toContain(
        "200 of 200 points done",
      );
    } catch (error) {
      console.log(cluster.logs());
      throw error;
    } finally {
      await cluster.stop();
    }
  },
  400_000,
);

async function untilFinished(folder: StoreFolder, count: number): Promise<void> {
  const endMs = Date.now() + 100_000;
  while ((await finishedIds(folder)).size < count) {
    expect(Date.now()).toBeLessThan(endMs);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
