import { describe, expect, test } from "vitest";
import type { Instruction } from "../../src/plan/programs.js";
import { runOracle } from "../oracle/run.js";
import { buildPlan } from "../support/network.js";
import type { NetworkFlow, NetworkProgramRank, NetworkPrograms, NetworkSpec } from "../support/network-spec.js";
import { runCore } from "../support/run-core.js";

const NIC_PS = 700_000;
/** A full packet, 4,178 bytes on the wire, at 400 Gb/s; an answer of 84 bytes. */
const PACKET_PS = 83_560;
const ANSWER_PS = 1_680;
const FLIGHT_PS = 15_000;
const SWITCH_PS = 600_000;
const wayPs = (packetPs: number) => 2 * NIC_PS + SWITCH_PS + 2 * FLIGHT_PS + 2 * packetPs;
/** From the post of a packet to its delivery, and to its acknowledgement. */
const DELIVERY_PS = wayPs(PACKET_PS);
/** The receiver answers at once; the answer is processed one NIC latency after it arrived. */
const ACKED_PS = DELIVERY_PS + wayPs(ANSWER_PS) - NIC_PS;

const ENGINES = [
  ["oracle", async (spec: NetworkSpec) => runOracle(buildPlan(spec))],
  ["core", (spec: NetworkSpec) => runCore(buildPlan(spec))],
] as const;

const compute = (durationPs: number, label = 0): Instruction => ({ kind: "compute", durationPs, label });
const signal = (number: number): Instruction => ({ kind: "signal", signal: number });
const wait = (number: number): Instruction => ({ kind: "wait", signal: number });
const operation = (slot = 0, ends: "delivered" | "sent" | "acked" = "delivered", label = 1): Instruction => ({
  kind: "operation",
  slot,
  ends,
  label,
});
const loop = (count: number, ...body: Instruction[]): Instruction => ({ kind: "loop", count, body });

/** A role with streams of these instructions. */
const role = (...streams: Instruction[][]) => ({
  name: "role",
  streams: streams.map((instructions, i) => ({ name: `stream ${i}`, instructions })),
  signalCount: 2,
  slotCount: 2,
});

/** Hosts around one switch. */
function star(hosts: number, programs: Partial<NetworkPrograms>, spec: Partial<NetworkSpec> = {}): NetworkSpec {
  return {
    hosts: Array.from({ length: hosts }, (_, host) => host),
    switches: [{ id: 100 }],
    links: Array.from({ length: hosts }, (_, a) => ({ a, b: 100, rateBps: 400e9, propagationPs: FLIGHT_PS })),
    flows: [],
    programs: { communicators: [], labels: ["compute", "operation", "other"], roles: [], ranks: [], ...programs },
    ...spec,
  };
}

const everyone = (hosts: number, slots: readonly number[]): NetworkProgramRank[] =>
  Array.from({ length: hosts }, (_, host) => ({ host, role: 0, slots }));

const ring = (hosts: number): { flows: NetworkFlow[] } => ({
  flows: Array.from({ length: hosts }, (_, src) => ({
    src,
    dst: (src + 1) % hosts,
    bytes: 4096,
    chunks: 2 * (hosts - 1),
    after: [{ flow: (src + hosts - 1) % hosts, lag: 1 }],
  })),
});

const pair = { flows: [{ src: 0, dst: 1, bytes: 4096 }] };

describe.each(ENGINES)("%s: programs", (_engine, run) => {
  test("a stream computes one thing after the other; a straggler takes longer", async () => {
    const roles = [role([loop(3, compute(1000), compute(0), compute(7))])];
    const ranks = [
      { host: 0, role: 0, slots: [] },
      { host: 1, role: 0, slots: [], computeFactor: 1.5, startPs: 11 },
    ];
    const { programs, status, endPs } = await run(star(2, { roles, ranks }));
    expect(status).toBe("finished");
    expect([...programs!.ranks.finishPs]).toEqual([3021, 11 + 3 * (1500 + 11)]);
    expect([...programs!.ranks.computePs]).toEqual([3021, 4533]);
    expect(programs!.labels[0]).toEqual({ count: 18, totalPs: 3021n + 4533n, mostPs: 1500, exposedPs: 0n });
    expect(endPs).toBe(4544);
  });

  test("operations of a communicator follow one another on the same queue pairs", async () => {
    const roles = [role([loop(3, compute(5_000_000), operation())])];
    const { programs, finishPs, startPs, status } = await run(
      star(4, { communicators: [ring(4)], roles, ranks: everyone(4, [0]) }),
    );
    const periodPs = 5_000_000 + 6 * DELIVERY_PS;
    expect(status).toBe("finished");
    expect([...programs!.ranks.finishPs]).toEqual(Array(4).fill(3 * periodPs));
    expect([...finishPs]).toEqual(Array(4).fill(3 * periodPs));
    expect([...startPs]).toEqual(Array(4).fill(5_000_000));
    expect([...programs!.ranks.exposedPs]).toEqual(Array(4).fill(18 * DELIVERY_PS));
    expect(programs!.labels[1]).toMatchObject({ count: 12, mostPs: 6 * DELIVERY_PS });
  });

  test("a late rank holds up its neighbours, and its data is there when it comes", async () => {
    const roles = [role([operation()])];
    const late = { host: 2, role: 0, slots: [0], startPs: 100_000_000 };
    const ranks = [...everyone(2, [0]), late, { host: 3, role: 0, slots: [0] }];
    const { programs } = await run(star(4, { communicators: [ring(4)], roles, ranks }));
    // Chunk k of the late rank's flow waits for chunk k-1 of the one before, of which the first was
    // free. So all but the news of the late rank itself has come; that makes 2(N-1) steps from it.
    expect(Math.max(...programs!.ranks.finishPs)).toBe(100_000_000 + 6 * DELIVERY_PS);
  });

  test("a receiver that is late takes what was sent; its operation ends at once", async () => {
    const roles = [role([loop(3, operation(0, "acked"))]), role([compute(900_000_000), loop(3, operation())])];
    const ranks = [
      { host: 0, role: 0, slots: [0] },
      { host: 1, role: 1, slots: [0] },
    ];
    const { programs } = await run(star(2, { communicators: [pair], roles, ranks }));
    expect([...programs!.ranks.finishPs]).toEqual([3 * ACKED_PS, 900_000_000]);
  });

  test("a receiver holds a sender up where the flow graph has a flow back", async () => {
    const ready = { src: 1, dst: 0, bytes: 4096 };
    const communicators = [{ flows: [ready, { ...pair.flows[0]!, after: [{ flow: 0, lag: 0 }] }] }];
    const roles = [role([operation()]), role([compute(900_000_000), operation()])];
    const ranks = [0, 1].map((host) => ({ host, role: host, slots: [0] }));
    const { programs } = await run(star(2, { communicators, roles, ranks }));
    expect([...programs!.ranks.finishPs]).toEqual([900_000_000 + DELIVERY_PS, 900_000_000 + 2 * DELIVERY_PS]);
  });

  test.each([
    ["delivered", 0],
    ["sent", NIC_PS + 3 * PACKET_PS],
    ["acked", ACKED_PS + 2 * PACKET_PS],
  ] as const)("a send that ends %s", async (ends, endPs) => {
    const communicators = [{ flows: [{ src: 0, dst: 1, bytes: 3 * 4096 }] }];
    const roles = [role([operation(0, ends), compute(10)]), role([operation()])];
    const ranks = [0, 1].map((host) => ({ host, role: host, slots: [0] }));
    const { programs } = await run(star(2, { communicators, roles, ranks }));
    expect([...programs!.ranks.finishPs]).toEqual([endPs + 10, DELIVERY_PS + 2 * PACKET_PS]);
  });

  test("streams overlap; what is hidden behind a computation is not exposed", async () => {
    const streams = [
      [compute(1_000_000), signal(0), compute(10_000_000), wait(1)],
      [wait(0), operation(), signal(1)],
    ];
    const roles = [role(...streams)];
    const { programs } = await run(star(4, { communicators: [ring(4)], roles, ranks: everyone(4, [0]) }));
    const endPs = 1_000_000 + 6 * DELIVERY_PS;
    expect([...programs!.ranks.finishPs]).toEqual(Array(4).fill(endPs));
    expect([...programs!.ranks.computePs]).toEqual(Array(4).fill(11_000_000));
    expect([...programs!.ranks.exposedPs]).toEqual(Array(4).fill(endPs - 11_000_000));
    expect(programs!.labels[1]!.exposedPs).toBe(BigInt(4 * (endPs - 11_000_000)));
  });

  test("a sampled rank is recorded up to a limit", async () => {
    const roles = [role([loop(2, compute(1000), operation())])];
    const spec = { communicators: [ring(2)], roles, ranks: everyone(2, [0]), recorded: [1], recordLimit: 3 };
    const { programs } = await run(star(2, spec));
    const first = 1000 + 2 * DELIVERY_PS;
    expect(programs!.timelines).toEqual([
      {
        programRank: 1,
        dropped: 1,
        entries: [
          { stream: 0, label: 0, startPs: 0, endPs: 1000 },
          { stream: 0, label: 1, startPs: 1000, endPs: first },
          { stream: 0, label: 0, startPs: first, endPs: first + 1000 },
        ],
      },
    ]);
  });

  test("a program that cannot go on says where it stands", async () => {
    const roles = [role([loop(2, operation()), wait(1)]), role([operation()])];
    const ranks = [0, 1].map((host) => ({ host, role: host, slots: [0] }));
    const { programs, status } = await run(star(2, { communicators: [ring(2)], roles, ranks }));
    expect(status).toBe("stuck");
    expect(programs!.waiting).toEqual([
      { programRank: 0, stream: 0, state: "operation", label: 1, operand: 0, operation: 1 },
    ]);
    const unsignalled = { roles: [role([wait(1)])], ranks: [{ host: 0, role: 0, slots: [] }] };
    expect((await run(star(2, unsignalled))).programs!.waiting).toEqual([
      { programRank: 0, stream: 0, state: "waiting", label: -1, operand: 1, operation: -1 },
    ]);
  });

  test("jitter stays within its share and differs from draw to draw", async () => {
    const roles = [role([loop(50, compute(1_000_000))])];
    const ranks = [{ host: 0, role: 0, slots: [], jitter: 0.1 }];
    const { programs } = await run(star(2, { roles, ranks, recorded: [0], recordLimit: 50 }));
    const times = programs!.timelines[0]!.entries.map(({ startPs, endPs }) => endPs - startPs);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(900_000);
    expect(Math.max(...times)).toBeLessThanOrEqual(1_100_000);
    expect(new Set(times).size).toBeGreaterThan(45);
  });

  test("a time limit ends a computation", async () => {
    const roles = [role([compute(5_000_000)])];
    const ranks = [{ host: 0, role: 0, slots: [] }];
    const { status, programs } = await run(star(2, { roles, ranks }, { timeLimitPs: 4_999_999 }));
    expect(status).toBe("time-limit");
    expect(programs!.waiting).toMatchObject([{ state: "computing", label: 0 }]);
    expect((await run(star(2, { roles, ranks }, { timeLimitPs: 5_000_000 }))).status).toBe("finished");
  });
});
