import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leafDeliveryPs } from "../model/support.js";
import { et, WIDTHS, type Width, type WrittenNode } from "./chakra-writer.js";
import { expectNoSurprise, type Files, faultOf, read, run } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 200);
const COMP = 4;
const [SEND, RECV, COLL] = [5, 6, 7];

/** A trace that all ranks have. */
const everyone = (ranks: number, nodes: readonly WrittenNode[], how: Parameters<typeof et>[1] = {}): Files =>
  Object.fromEntries(Array.from({ length: ranks }, (_, rank) => [`x.${rank}.et`, et(nodes, how)]));
const allReduce = (id: number, bytes: number, more: Partial<WrittenNode> = {}, attributes = {}): WrittenNode => ({
  id,
  type: COLL,
  ...more,
  attributes: { is_cpu_op: false, comm_type: 0, comm_size: bytes, ...attributes },
});
const send = (id: number, dst: number, more: Partial<WrittenNode> = {}): WrittenNode => ({
  id,
  type: SEND,
  ...more,
  attributes: { comm_dst: dst, comm_size: 4096, comm_tag: 3 },
});
const receive = (id: number, src: number, more: Partial<WrittenNode> = {}): WrittenNode => ({
  id,
  type: RECV,
  ...more,
  attributes: { comm_src: src, comm_size: 4096, comm_tag: 3 },
});
const STEP = (rank: number) => new Uint8Array(readFileSync(`test/data/imports/step.${rank}.et`));
const SAMPLE: Files = {
  "step.0.et": STEP(0),
  "step.1.et": STEP(1),
  "groups.json": readFileSync("test/data/imports/groups.json", "utf8"),
};

describe("Chakra traces", () => {
  test("compute by duration, and then communicate", async () => {
    const { programs, status } = await run("chakra", SAMPLE, { algorithms: { "all-gather": "ring" } });
    expect(status).toBe("finished");
    // 30 us of the GPU beside 10 us of the CPU, then an all-gather of two shards of 4 KiB.
    expect([...programs!.ranks.finishPs]).toEqual(Array(2).fill(30_000_000 + leafDeliveryPs(1)));
    expect([...programs!.ranks.computePs]).toEqual(Array(2).fill(30_000_000));
  });

  test("take the algorithm and protocol that NCCL would", async () => {
    const { programs } = await run("chakra", SAMPLE);
    // LL: as many bytes of flags as of data.
    expect([...programs!.ranks.finishPs]).toEqual(Array(2).fill(30_000_000 + leafDeliveryPs(2)));
  });

  test.each(Object.keys(WIDTHS) as Width[])("have integers of any width: %s", async (width) => {
    const files = everyone(2, [allReduce(7, 8192)], { width, version: "1.0.2-chakra.0.0.4" });
    const { workload } = await read("chakra", files);
    expect(workload).toMatchObject({
      communicators: [{ kind: "collective", collective: "all-reduce", ranks: [0, 1], bytes: 8192, root: 0 }],
    });
  });

  test("read the bytes that ASTRA-sim's own example has", async () => {
    const hex = [
      "07 0a 05 302e302e34 48",
      "12 14 616c6c5f7265647563655f386e7075735f314d42 18 07",
      "52 0e 0a 09 69735f6370755f6f70 d8 01 00",
      "52 0d 0a 09 636f6d6d5f74797065 48 00",
      "52 0f 0a 09 636f6d6d5f73697a65 48 80 80 40",
    ];
    const bytes = new Uint8Array(Buffer.from(hex.join("").replaceAll(" ", ""), "hex"));
    expect(bytes).toHaveLength(81);
    const files = Object.fromEntries(Array.from({ length: 8 }, (_, rank) => [`all_reduce.${rank}.et`, bytes]));
    const { workload } = await read("chakra", files);
    expect(workload).toMatchObject({
      communicators: [{ collective: "all-reduce", bytes: 1048576 }],
      labels: ["all_reduce_8npus_1MB"],
    });
  });

  test("have nodes that are ready begin in the order of their ids, not of the file", async () => {
    const nodes = [
      { id: 9, name: "last", type: COMP, micros: 5 },
      { id: 2, name: "first", type: COMP, micros: 1 },
      { id: 4, name: "next", type: COMP, micros: 2 },
      { id: 1, name: "cpu", type: COMP, micros: 4, attributes: { is_cpu_op: true } },
      // Ready when the CPU is done, while the last one computes.
      { id: 3, name: "late", type: COMP, micros: 1, data: [1] },
    ];
    const plan = await run("chakra", everyone(1, nodes));
    expect(plan.programs!.ranks.finishPs[0]).toBe(9_000_000);
  });

  test("send and receive: a send ends when it is acknowledged", async () => {
    const files = {
      "p.0.et": et([send(0, 1, { ctrl: [5] }), { id: 5, type: COMP, micros: 3 }]),
      "p.1.et": et([receive(0, 0), { id: 1, type: COMP, micros: 1, ctrl: [0] }]),
    };
    const { programs } = await run("chakra", files);
    const delivered = 3_000_000 + leafDeliveryPs(1);
    expect(programs!.ranks.finishPs[1]).toBe(delivered + 1_000_000);
    expect(programs!.ranks.finishPs[0]).toBeGreaterThan(delivered);
  });

  test("have process groups from metadata, and collectives of one group one after the other", async () => {
    const groups = JSON.stringify([
      { pg_name: "7", ranks: [0, 1] },
      { pg_name: "8", ranks: [2, 3] },
    ]);
    const files = Object.fromEntries(
      Array.from({ length: 4 }, (_, rank) => {
        const pg = { pg_name: rank < 2 ? "7" : "8" };
        const nodes = [
          { id: 0, type: 1, inputs: `[${JSON.stringify(groups)}]` },
          allReduce(1, 8192, {}, pg),
          allReduce(2, 8192, {}, pg),
        ];
        return [`g.${rank}.et`, et(nodes)];
      }),
    );
    const { programs } = await run("chakra", files);
    expect(programs!.labels[1]).toMatchObject({ count: 8 });
    const { workload } = await read("chakra", files);
    expect(workload).toMatchObject({ communicators: [{ ranks: [0, 1] }, { ranks: [2, 3] }] });
  });

  test("compute by roofline where a node has no duration", async () => {
    const nodes = [{ id: 0, type: COMP, attributes: { num_ops: 1e12, tensor_size: 8 } }];
    const gpu = { flops: "500TFLOPs", memory: "2TBps", efficiency: 0.5 };
    const { programs } = await run("chakra", everyone(1, nodes), { gpu });
    expect(programs!.ranks.finishPs[0]).toBe(4_000_000_000);
    const moving = [{ id: 0, type: 2, attributes: { tensor_size: 1.8e9 } }];
    const memory = await run("chakra", everyone(1, moving), { gpu });
    // 1.8 GB at 90 % of 2 TB/s.
    expect(memory.programs!.ranks.finishPs[0]).toBe(1_000_000_000);
  });

  test("count the bytes that a rank puts in", async () => {
    const kinds = [2, 7, 6, 5, 8, 9].map((type, id) => allReduce(id, 4096, {}, { comm_type: type }));
    const { workload } = await read("chakra", everyone(4, kinds));
    const communicators = (workload as unknown as { communicators: { collective: string; bytes: number }[] })
      .communicators;
    expect(communicators.map(({ collective, bytes }) => [collective, bytes])).toEqual([
      ["all-gather", 16384],
      ["reduce-scatter", 4096],
      ["all-to-all", 4096],
      ["broadcast", 4096],
      ["barrier", 0],
    ]);
  });

  const two = (first: readonly WrittenNode[], second: readonly WrittenNode[] = first): Files => ({
    "x.0.et": et(first),
    "x.1.et": et(second),
  });
  test.each<[string, Files, RegExp]>([
    ["no rank in a name", { "x.et": et([]) }, /x\.et: no rank in its name/],
    ["a rank that is missing", { "x.1.et": et([]) }, /x\.1\.et: rank 1 of 1 files/],
    ["an empty file", { "x.0.et": "" }, /x\.0\.et: the file is empty/],
    [
      "a file that was cut off",
      { "x.0.et": et([allReduce(1, 8)]).slice(0, 30) },
      /the file ends inside the record at byte 8; it was cut off/,
    ],
    ["something else", { "x.0.et": new Uint8Array(50).fill(255) }, /no length at byte 0; .* is this a Chakra trace/],
    ["a huge length", { "x.0.et": new Uint8Array([255, 255, 255, 255, 15]) }, /a length of 4294967295 at byte 0/],
    ["an unknown type", two([{ id: 0, type: 12 }]), /x\.0\.et: node at byte 8: is of type 12/],
    ["an invalid type", two([{ id: 0, type: 0 }]), /is of type INVALID_NODE/],
    [
      "an id twice",
      two([
        { id: 3, type: COMP },
        { id: 3, type: COMP },
      ]),
      /node at byte 13: there is a node 3 already/,
    ],
    [
      "a dependency that is not there",
      two([{ id: 3, type: COMP, data: [9] }]),
      /node at byte 8: waits for node 9, which is not there/,
    ],
    [
      "a cycle",
      two([
        { id: 1, type: COMP, data: [2] },
        { id: 2, type: COMP, ctrl: [1] },
      ]),
      /waits for itself, by way of its dependencies/,
    ],
    [
      "no peer",
      two([{ id: 0, type: SEND, attributes: { tensor_size: 8 } }]),
      /has no comm_dst: the trace does not say with whom/,
    ],
    ["a peer that is not there", two([send(0, 7)]), /comm_dst is 7; it should be a whole number from 0 to 1/],
    ["a message to itself", two([send(0, 0)]), /from a rank to itself/],
    [
      "a send without a receive",
      two([send(0, 1)], []),
      /x\.1\.et: has a message of 4096 B from rank 0 to rank 1 with tag 3 0 times, and rank 0 once/,
    ],
    [
      "a collective that one is not in",
      two([allReduce(0, 8)], []),
      /x\.1\.et: has all-reduce of 8 B of group 0 0 times, and rank 0 once/,
    ],
    [
      "a group that nothing defines",
      two([allReduce(0, 8, {}, { pg_name: "5" })]),
      /process group "5", which nothing defines; known: none/,
    ],
    ["a collective without bytes", two([{ id: 0, type: COLL, attributes: { comm_type: 0 } }]), /has no comm_size/],
    [
      "an unknown collective",
      two([allReduce(0, 8, {}, { comm_type: 77 })]),
      /comm_type is 77; it should be a whole number from 0 to 9/,
    ],
    ["dimensions", two([allReduce(0, 8, {}, { involved_dim: [true, false] })]), /names dimensions of a topology/],
    ["groups that are no JSON", { ...two([]), "groups.json": "{" }, /groups\.json: is no JSON/],
    [
      "groups of other ranks",
      { ...two([]), "groups.json": '{"1":[0,5]}' },
      /process group "1" has ranks that are not there; there are 2/,
    ],
  ])("are refused with %s", async (_, files, message) => {
    await expect(faultOf("chakra", files)).resolves.toMatch(message);
  });

  test("are read or refused where they were changed", async () => {
    const { refused } = await expectNoSurprise("chakra", SAMPLE, {}, RUNS);
    expect(refused).toBeGreaterThan(RUNS / 4);
  });
});
