import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ACCESS_PS, ACK_PS, leafDeliveryPs, NIC_PS, PACKET_PS, SWITCH_PS } from "../model/support.js";
import { expectNoSurprise, faultOf, read, run } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 200);
const PLAN = readFileSync("test/data/imports/plan.json", "utf8");
const one = (text: string) => ({ "plan.json": text });
/** Of 8 bytes: 90 on the wire. */
const WORD_PS = 2 * NIC_PS + SWITCH_PS + 2 * ACCESS_PS + 2 * 1800;
/** Until a message has left: posted, then sent. */
const SENT_PS = NIC_PS + PACKET_PS;

type Op = Readonly<Record<string, unknown>>;
const on = (name: string, type: string, more: Op = {}): Op => ({ name, channel_ids: [0], channel_type: type, ...more });
const local = { type: "i", index: 0, size: 1 };
const there = { buffer_id: 0, index: 0, size: 1 };

/** Two GPUs, whose threadblocks do the same. */
function plan(blocks: readonly (readonly Op[])[], { type = "memory", collective = "allreduce", more = {} } = {}) {
  const gpus = [0, 1].map((id) => ({
    id,
    input_chunks: 2,
    output_chunks: 0,
    scratch_chunks: 0,
    threadblocks: blocks.map((ops, tb) => ({
      id: tb,
      ops,
      channels: [{ channel_type: type, channel_ids: [tb] }],
      remote_buffer_refs: [{ access_channel_type: type, remote_buffer_ids: [0] }],
    })),
    channels: [{ channel_type: type, connected_to: blocks.map(() => 1 - id) }],
    remote_buffers: [{ rank: 1 - id, type: "i", access_channel_types: [type] }],
  }));
  return one(JSON.stringify({ name: "x", collective, protocol: "Simple", inplace: true, gpus, ...more }));
}

const ends = async (files: Readonly<Record<string, string>>, options: Op = {}) => {
  const { programs, status } = await run("msccl", files, { size: "8KiB", ...options });
  expect(status).toBe("finished");
  return [...programs!.ranks.finishPs];
};

describe("plans of MSCCL++", () => {
  test("put, and wait for the signal after it", async () => {
    // The peers meet, put a packet each, and give the signal when that has left.
    expect(await ends(one(PLAN))).toEqual(Array(2).fill(WORD_PS + SENT_PS + WORD_PS));
  });

  test("wait for what was put, not for the signal alone", async () => {
    const ops = [
      on("put", "port", { src_buff: [local], dst_buff: [{ ...there, size: 2 }] }),
      on("signal", "port"),
      on("wait", "port"),
    ];
    // Over a port the signal follows at once, and both packets must have come.
    const [first] = await ends(plan([ops], { type: "port" }), { size: "16KiB" });
    expect(first).toBeGreaterThanOrEqual(leafDeliveryPs(4));
    expect(first).toBeLessThan(leafDeliveryPs(4) + WORD_PS);
  });

  test("flush puts over ports: they are acknowledged", async () => {
    const ops = [on("pwsf", "port", { src_buff: [local], dst_buff: [there] }), on("wait", "port")];
    const [first] = await ends(plan([ops], { type: "port" }));
    // The answer of the other side goes the same way back, but for a NIC latency.
    expect(first).toBeGreaterThanOrEqual(leafDeliveryPs(1) + NIC_PS + SWITCH_PS + 2 * ACCESS_PS + 2 * ACK_PS);
  });

  test("read from others: a request, and the data back", async () => {
    const ops = [on("rre", "memory", { src_buff: [local, there], dst_buff: [local] })];
    expect(await ends(plan([ops]), { reduce: "2us" })).toEqual(Array(2).fill(WORD_PS + leafDeliveryPs(1) + 2_000_000));
  });

  test("have threadblocks wait for one another at barriers", async () => {
    const barrier = { name: "barrier", barrier_id: 0, num_threadblocks: 2 };
    const copy = { name: "copy", src_buff: [local], dst_buff: [local] };
    const put = on("put", "memory", { src_buff: [local], dst_buff: [there] });
    const blocks = [
      [copy, copy, barrier],
      [barrier, put, on("signal", "memory"), on("wait", "memory")],
    ];
    expect(await ends(plan(blocks), { copy: "5us" })).toEqual(Array(2).fill(10_000_000 + SENT_PS + WORD_PS));
  });

  test("tell that their outcome is not checked", async () => {
    const { notes } = await read("msccl", one(PLAN), { size: "1MiB" });
    expect(notes).toEqual(["the outcome of a plan of MSCCL++ is not checked, but that it comes to its end"]);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "another collective",
      plan([], { collective: "alltoall" }),
      /collective: "alltoall" is no collective of plans that are run; supported: allreduce, allgather/,
    ],
    [
      "packets",
      plan([[on("ppkt", "memory")]]),
      /gpus\[0\]\.threadblocks\[0\]\.ops\[0\]\.name: "ppkt" is an operation without a counterpart; supported: nop/,
    ],
    ["a protocol of packets", plan([], { more: { protocol: "LL" } }), /protocol: "LL" is a protocol of packets/],
    ["switches", plan([[on("glres", "switch")]]), /"glres" is an operation without a counterpart/],
    ["a pipeline", plan([[{ name: "pipeline", ops: [] }]]), /"pipeline" is an operation without/],
    [
      "a channel that is not there",
      plan([[on("signal", "memory", { channel_ids: [3] })]]),
      /channel_ids\[0\]: the threadblock has no such channel/,
    ],
    [
      "a buffer that is not there",
      plan([[on("put", "memory", { dst_buff: [{ ...there, buffer_id: 9 }] })]]),
      /the threadblock has no such remote buffer/,
    ],
    [
      "a wait for nothing",
      plan([[on("wait", "memory")]]),
      /gpus\[0\]\.threadblocks\[0\]\.ops\[0\]: wait waits here for what never comes/,
    ],
    ["a signal for nobody", plan([[on("signal", "memory")]]), /ops\[0\]: nothing waits for this signal/],
    [
      "a barrier of others",
      plan([[{ name: "barrier", barrier_id: 1, num_threadblocks: 5 }]]),
      /barrier waits here for what never comes/,
    ],
    ["one GPU", one('{"collective":"allreduce","gpus":[{}]}'), /gpus: 1 GPUs; write 2 to 1024/],
    ["something else", one("[]"), /the plan: is no map/],
    ["no JSON", one("{"), /plan\.json: is no JSON/],
    ["a file that was cut off", one(PLAN.slice(0, 300)), /is no JSON/],
    ["deep lists", one("[".repeat(200_000)), /is no JSON/],
  ])("are refused with %s", async (_, files, message) => {
    await expect(faultOf("msccl", files, { size: "1MiB" })).resolves.toMatch(message);
  });

  test("are read or refused where they were changed", async () => {
    const { refused } = await expectNoSurprise("msccl", one(PLAN), { size: "1MiB" }, RUNS);
    expect(refused).toBeGreaterThan(RUNS / 4);
  });
});
