import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { TraceGraphs } from "../../src/scenario/types/trace.js";
import { expectNoSurprise, faultOf, read, run } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 200);
const SAMPLE = readFileSync("test/data/imports/simai.txt", "utf8");
const HEADER = "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group:";
const NEW = `${HEADER} 2 ep: 1 pp: 1 vpp: 2 ga: 1 all_gpus: 4 checkpoints: 0 checkpoint_initiates: 0 pp_comm 0`;
const OLD = `${HEADER} 2`;

function file(header: string, ...records: string[]) {
  return { "x.txt": [header, String(records.length), ...records].join("\n") };
}

const layer = (forward: string, input: string, weight: string, update = 0) =>
  `layer -1 ${forward} ${input} ${weight} ${update}`;
const QUIET = layer("1000 NONE 0", "2000 NONE 0", "3000 NONE 0");

describe("SimAI workloads", () => {
  test("compute forward, then backward", async () => {
    const { programs, status } = await run("simai", file(NEW, QUIET, QUIET));
    expect(status).toBe("finished");
    expect([...programs!.ranks.finishPs]).toEqual([12e6, 12e6, 12e6, 12e6]);
  });

  test("wait for collectives of tensor parallelism, and not for those of weight gradients", async () => {
    const alone = (layers: string[]) => run("simai", file(NEW, ...layers));
    const end = async (layers: string[]) => (await alone(layers)).programs!.ranks.finishPs[0]!;
    const once = await end([layer("0 ALLREDUCE 65536", "0 NONE 0", "0 NONE 0")]);
    const late = layer("0 NONE 0", "90000 NONE 0", "0 NONE 0");
    expect(await end([layer("0 ALLREDUCE 65536", "0 NONE 0", "0 NONE 0", 7), late])).toBe(once + 7000 + 90e6);
    const beside = await end([late, layer("0 NONE 0", "0 NONE 0", "0 ALLREDUCE 65536")]);
    expect(beside).toBe(90e6);
  });

  test("share one program among all ranks, each in its groups", async () => {
    const { workload, ranks, gpusPerNode, notes } = await read("simai", { "x.txt": SAMPLE });
    const { ranks: all, communicators } = workload as TraceGraphs;
    expect([ranks, gpusPerNode, notes]).toEqual([16, 8, []]);
    expect(new Set(all.map(({ graph }) => graph)).size).toBe(1);
    const groups = communicators.map((each) => (each.kind === "collective" ? [each.collective, each.ranks] : []));
    expect(groups.slice(0, all[0]!.slots!.length)).toEqual([
      ["all-gather", [0, 1, 2, 3]],
      ["reduce-scatter", [0, 1, 2, 3]],
      ["all-to-all", [0, 4]],
      ["all-reduce", [0, 1, 2, 3]],
      ["reduce-scatter", [0, 8]],
      ["reduce-scatter", [0, 4, 8, 12]],
    ]);
    expect((await run("simai", { "x.txt": SAMPLE })).status).toBe("finished");
  });

  test("have the GPUs in an option where the header is an old one", async () => {
    expect(await faultOf("simai", file(OLD, QUIET))).toMatch(/has no all_gpus; write gpus: with their number/);
    expect((await read("simai", file(OLD, QUIET), { gpus: 8 })).ranks).toBe(8);
    expect((await read("simai", file(NEW.replace("pp_comm 0", "pp_comm: 8.0"), QUIET))).ranks).toBe(4);
  });

  test("tell that stages run side by side", async () => {
    const { notes } = await read("simai", file(NEW.replace("pp: 1", "pp: 2"), QUIET));
    expect(notes).toEqual([expect.stringContaining("its stages run side by side, as SimAI runs them")]);
  });

  test.each([
    ["a policy", file(NEW.replace("HYBRID_TRANSFORMER_FWD_IN_BCKWD", "DATA"), QUIET), /x.txt:1:1.*"DATA" is not read/],
    ["degrees", file(NEW.replace("all_gpus: 4", "all_gpus: 5"), QUIET), /tp 2 x pp 1 does not divide 5 GPUs; .* of 2/],
    ["experts", file(NEW.replace("ep: 1", "ep: 3"), QUIET), /ep 3 does not divide 2 replicas of 2 GPUs/],
    ["checkpoints", file(NEW.replace("checkpoints: 0", "checkpoints: 1 2"), QUIET), /computed again are not read/],
    ["a key twice", file(`${NEW} ep: 1`, QUIET), /"ep" stands there twice/],
    ["columns", file(NEW, "layer -1 1 NONE 0"), /x.txt:3:1.*5 columns; a record has 12/],
    ["a collective", file(NEW, QUIET.replace("NONE", "ALLREDUCEALLTOALL")), /"ALLREDUCEALLTOALL" is no collective/],
    ["a time", file(NEW, QUIET.replace("1000", "-1")), /"-1" is no time in ns; it is a whole number up to/],
    ["too few", { "x.txt": `${NEW}\n3\n${QUIET}\n` }, /1 records, and its second line states 3/],
    ["too many", { "x.txt": `${NEW}\n1\n${QUIET}\n${QUIET}` }, /x.txt:4:1.*more than the 1 records/],
    ["nothing", { "x.txt": "" }, /is empty; the first line is the header/],
  ])("%s wrong: the line, and what is right", async (_, files, pattern) => {
    expect(await faultOf("simai", files)).toMatch(pattern);
  });

  test("survive what is changed in them", async () => {
    const { refused, read: good } = await expectNoSurprise("simai", { "x.txt": SAMPLE }, {}, RUNS);
    expect(refused + good).toBe(RUNS);
    expect(refused).toBeGreaterThan(RUNS / 10);
  }, 60_000);
});
