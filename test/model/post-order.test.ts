import { describe, expect, it } from "vitest";
import { runOracle } from "../oracle/run.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";

const NIC_PS = 700_000;
const FLIGHT_PS = 15_000;
const SWITCH_PS = 600_000;
/** From the post of a packet of `wireBytes` to its delivery, at 400 Gb/s. */
const deliveryPs = (wireBytes: number) => 2 * NIC_PS + SWITCH_PS + 2 * (FLIGHT_PS + wireBytes * 20);
const FULL_WIRE_BYTES = 4178;
const DELAY_PS = 50_000_000;

const ENGINES = [
  ["oracle", async (spec: NetworkSpec) => runOracle(buildPlan(spec))],
  ["core", (spec: NetworkSpec) => runCore(buildPlan(spec))],
] as const;

/** Hosts around one switch. */
const star = (hosts: number) => ({
  hosts: Array.from({ length: hosts }, (_, host) => host),
  switches: [{ id: 100 }],
  links: Array.from({ length: hosts }, (_, a) => ({ a, b: 100, rateBps: 400e9, propagationPs: FLIGHT_PS })),
});

describe.each(ENGINES)("posts of a NIC in the %s", (_, run) => {
  it("come in order of time, however many wait with delays that fall", async () => {
    // Host 0 sends full packets to hosts 1 and 2 by turns. Each allows one message back. Later ones
    // wait less, and go first. So posts are put before all others, on lists that grow by turns.
    const count = 70;
    const delayPs = (i: number) => (count - i) * 1_000_000;
    const asking = [1, 2].map((dst) => ({ src: 0, dst, bytes: 4096, chunks: count, connection: dst }));
    const answering = [1, 2].flatMap((src, flow) =>
      Array.from({ length: count }, (_, i) => ({
        ...{ src, dst: 0, bytes: 64, connection: src * 100 + i },
        ...{ delayPs: delayPs(i), after: [{ flow, lag: -i }] as const },
      })),
    );
    const { status, finishPs } = await run({ ...star(3), flows: [...asking, ...answering] });
    expect(status).toBe("finished");
    const askedPs = (flow: number, i: number) => deliveryPs(FULL_WIRE_BYTES) + (2 * i + flow) * FULL_WIRE_BYTES * 20;
    const answerPs = deliveryPs(64 + FULL_WIRE_BYTES - 4096);
    expect(Array.from(finishPs)).toEqual([
      ...asking.map((_, flow) => askedPs(flow, count - 1)),
      ...answering.map(({ after: [{ flow }] }, at) => askedPs(flow, at % count) + delayPs(at % count) + answerPs),
    ]);
  });

  it("keep the order of chunks: what an operation allows at once does not overtake a delay", async () => {
    // Chunk 1 of the answer waits for the question and then for the delay. By then rank 0 is in its
    // next operation, whose chunk 0 waits for nothing.
    const flows = [
      { src: 1, dst: 0, bytes: 4096 },
      { src: 0, dst: 1, bytes: 4096, chunks: 2, delayPs: DELAY_PS, after: [{ flow: 0, lag: 1 }] },
    ];
    const operation = { kind: "operation", slot: 0, ends: "delivered", label: 0 } as const;
    const outcome = await run({
      ...star(2),
      flows: [],
      programs: {
        communicators: [{ flows }],
        labels: ["exchange"],
        roles: [
          {
            ...{ name: "rank", signalCount: 0, slotCount: 1 },
            streams: [{ name: "only", instructions: [operation, operation] }],
          },
        ],
        ranks: [0, 1].map((host) => ({ host, role: 0, slots: [0] })),
        recorded: [1],
        recordLimit: 2,
      },
    });
    expect(outcome.status).toBe("finished");
    const ends = outcome.programs!.timelines[0]!.entries.map(({ endPs }) => endPs);
    const oncePs = 2 * deliveryPs(FULL_WIRE_BYTES) + DELAY_PS;
    expect(ends[0]).toBe(oncePs);
  });
});
