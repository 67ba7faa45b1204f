import { describe, expect, test } from "vitest";
import { arrayScript, formatIndices, mergeScript, planArray, shellWord } from "../../src/study/slurm/array.js";

const point = (packetHops: number, memoryBytes = 2 ** 24) => ({
  ...{ id: `${packetHops}`, axes: {}, seed: 1, scenarioDigest: "d" },
  estimate: { memoryBytes, packetHops },
});

const OPTIONS = { workers: 4, shardSeconds: 600, maxArraySize: 1001 };
const SCRIPT = {
  name: "oversub",
  folder: "/scratch/my store",
  program: ["/usr/bin/node", "/opt/heddle/main.js"],
  extra: ["--partition=long", "--qos=low"],
};

describe("an array", () => {
  // 4 million packet-hops are a second, and a point takes 0.2 s beside.
  const points = Array.from({ length: 1000 }, (_, i) => point(39.2e6 - i / 1000));

  test("has shards that take the time asked for, with room to spare", () => {
    expect(planArray(points, OPTIONS)).toEqual({
      shards: 5,
      workers: 4,
      timeMinutes: 5 + 25,
      memoryMb: 80 + 256 + 384,
      pointsMb: 80,
    });
  });

  test("is no larger than the cluster allows, nor than there are points", () => {
    expect(planArray(points, { ...OPTIONS, maxArraySize: 3 }).shards).toBe(3);
    expect(planArray(points, { ...OPTIONS, shards: 5000 }).shards).toBe(1000);
    expect(planArray(points.slice(0, 2), OPTIONS).shards).toBe(1);
  });

  test("asks for what is said instead", () => {
    const plan = planArray(points, { ...OPTIONS, timeMinutes: 7, memoryMb: 2000 });
    expect(plan).toMatchObject({ timeMinutes: 7, memoryMb: 2000, pointsMb: 2000 - 256 - 384 });
  });

  test("has memory for the largest points together, and time for the longest", () => {
    const large = [...points, point(400e6, 2 ** 30), point(16e9, 2 ** 30)];
    const plan = planArray(large, OPTIONS);
    expect(plan.pointsMb).toBe(Math.ceil(1.25 * (2 * 1024 + 2 * 16)));
    expect(plan.timeMinutes).toBeGreaterThan((3 * 4000) / 60);
  });

  test("has this script", () => {
    const plan = { shards: 12, workers: 4, timeMinutes: 30, memoryMb: 720, pointsMb: 80 };
    expect(arrayScript(plan, [0, 1, 2, 5, 7, 8], 3, SCRIPT)).toBe(`#!/bin/sh
#SBATCH --job-name=heddle-oversub
#SBATCH --array=0-2,5,7-8%3
#SBATCH --cpus-per-task=4
#SBATCH --mem=720M
#SBATCH --time=30
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
#SBATCH --output="/scratch/my store/slurm/%x-%A_%a.log"
#SBATCH --partition=long
#SBATCH --qos=low

exec /usr/bin/node /opt/heddle/main.js sweep run '/scratch/my store' --sweep oversub --shards 12 --workers 4 --memory 80MiB --requeue
`);
  });

  test("is merged by this one", () => {
    expect(mergeScript(SCRIPT)).toBe(`#!/bin/sh
#SBATCH --job-name=heddle-oversub-merge
#SBATCH --time=30
#SBATCH --mem=1024M
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output="/scratch/my store/slurm/%x-%j.log"
#SBATCH --partition=long
#SBATCH --qos=low

exec /usr/bin/node /opt/heddle/main.js sweep merge '/scratch/my store' --sweep oversub
`);
  });
});

test.each([
  [[0], "0"],
  [[0, 1, 2], "0-2"],
  [[3, 5, 6, 9], "3,5-6,9"],
])("%j is %s", (indices, text) => {
  expect(formatIndices(indices)).toBe(text);
});

test("words of a shell", () => {
  expect(["a/b.c", "two words", "it's", "$HOME"].map(shellWord)).toEqual([
    "a/b.c",
    "'two words'",
    "'it'\\''s'",
    "'$HOME'",
  ]);
});
