import { describe, expect, test } from "vitest";
import { whichShard } from "../../src/cli/sweep/which-shard.js";

const array = (id: number, more: Record<string, string> = {}) => ({ SLURM_ARRAY_TASK_ID: `${id}`, ...more });

describe("the shard", () => {
  test.each([
    ["is what is said", { shard: { index: 1, count: 4 } }, array(3), "1/4"],
    ["is the task of an array", {}, array(2, { SLURM_ARRAY_TASK_COUNT: "5", SLURM_ARRAY_TASK_MIN: "0" }), "2/5"],
    [
      "counts from the array's first task",
      {},
      array(12, { SLURM_ARRAY_TASK_COUNT: "5", SLURM_ARRAY_TASK_MIN: "10" }),
      "2/5",
    ],
    [
      "counts in the array's steps",
      {},
      array(6, { SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_STEP: "2" }),
      "3/4",
    ],
    [
      "is the task's own number in a part of an array",
      { shards: 9 },
      array(7, { SLURM_ARRAY_TASK_COUNT: "2", SLURM_ARRAY_TASK_MIN: "7" }),
      "7/9",
    ],
    ["is the index of an Indexed Job", { shards: 3 }, { JOB_COMPLETION_INDEX: "0" }, "0/3"],
    ["is Slurm's before Kubernetes's", { shards: 3 }, array(1, { JOB_COMPLETION_INDEX: "0" }), "1/3"],
  ])("%s", (_, options, variables, expected) => {
    const { index, count } = whichShard(options, variables);
    expect(`${index}/${count}`).toBe(expected);
  });

  test.each([
    ["is not known", {}, {}, "write --shard 0/4"],
    ["is none of those there are", { shards: 3 }, array(3), "gives shard 3 of 3; shards are counted from 0"],
    [
      "lies between steps",
      {},
      array(1, { SLURM_ARRAY_TASK_COUNT: "4", SLURM_ARRAY_TASK_STEP: "2" }),
      "gives shard 0.5",
    ],
    ["has no count", {}, { JOB_COMPLETION_INDEX: "0" }, "how many shards"],
    ["has no count in Slurm", {}, array(0), "SLURM_ARRAY_TASK_COUNT is not set"],
    ["is no number", { shards: 3 }, { JOB_COMPLETION_INDEX: "first" }, '"first", which is no index'],
    ["is said twice", { shard: { index: 0, count: 2 }, shards: 3 }, {}, "--shard says 2 shards, --shards 3"],
  ])("that %s is refused", (_, options, variables, message) => {
    expect(() => whichShard(options, variables)).toThrow(message);
  });
});
