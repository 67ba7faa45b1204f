import fc from "fast-check";
import type { RunPlan } from "../../src/plan/plan.js";
import { describePlan } from "../support/describe-plan.js";
import { buildPlan } from "../support/network.js";
import { DYNAMIC_XOFF, type NetworkFlow, type NetworkSpec } from "../support/network-spec.js";

const SWITCH = 100;

const flow = fc.record({
  src: fc.nat(4),
  dst: fc.nat(4),
  /** Groups further on. */
  by: fc.constantFrom(0, 0, 1, 1, 2),
  packets: fc.integer({ min: 1, max: 12 }),
  extraBytes: fc.constantFrom(0, 0, 1),
  chunks: fc.integer({ min: 1, max: 4 }),
  startPs: fc.constantFrom(0, 0, 0, 83_560, 1_000_000),
  waits: fc.boolean(),
  lag: fc.constantFrom(0, 1),
});

type RawFlow = typeof flow extends fc.Arbitrary<infer T> ? T : never;

const star = fc.record({
  groups: fc.integer({ min: 2, max: 6 }),
  hosts: fc.integer({ min: 1, max: 4 }),
  /** By place in the group: links that are alike, or not. */
  rates: fc.array(fc.constantFrom(400e9, 400e9, 200e9), { minLength: 4, maxLength: 4 }),
  flows: fc.array(flow, { minLength: 1, maxLength: 5 }),
  order: fc.constantFrom("by group", "by place", "shuffled"),
  shuffle: fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
  lossless: fc.constantFrom(true, true, false),
  bufferPackets: fc.constantFrom(6, 20, 50, 200, 1000),
  xoffPackets: fc.constantFrom(DYNAMIC_XOFF, DYNAMIC_XOFF, 3, 12),
  alphaShift: fc.nat(3),
  ackEvery: fc.constantFrom(1, 1, 4),
  ackClass: fc.constantFrom("control", "control", "data"),
  windowPackets: fc.constantFrom(0, 2, 16),
  release: fc.constantFrom("start", "end"),
});

type Star = typeof star extends fc.Arbitrary<infer T> ? T : never;

const MTU_BYTES = 1024;

function networkOf({ groups, hosts, rates, flows, order, shuffle, ...rules }: Star): NetworkSpec {
  const all = Array.from({ length: groups * hosts }, (_, i) => i);
  const placed = [...all].sort((a, b) => {
    if (order === "by group") return a - b;
    if (order === "by place") return (a % hosts) - (b % hosts) || a - b;
    return shuffle[a % shuffle.length]! - shuffle[b % shuffle.length]! || a - b;
  });
  const { lossless, bufferPackets, xoffPackets, alphaShift, release, ackEvery, ackClass, windowPackets } = rules;
  const ownBytes = lossless ? all.length * 10 * MTU_BYTES : 0;
  return {
    hosts: all,
    switches: [
      {
        id: SWITCH,
        lossless,
        bufferBytes: bufferPackets * MTU_BYTES + ownBytes,
        reserveBytes: 0,
        headroomBytes: 10 * MTU_BYTES,
        xoffBytes: xoffPackets === DYNAMIC_XOFF ? DYNAMIC_XOFF : xoffPackets * MTU_BYTES,
        alphaShift,
      },
    ],
    links: placed.map((host) => ({
      ...{ a: host, b: SWITCH, rateBps: rates[host % hosts]!, propagationPs: 15_000, mtuBytes: MTU_BYTES },
    })),
    flows: Array.from({ length: groups }, (_, group) => flows.map((raw, i) => placeFlow(raw, i, group))).flat(),
    transport: { ackEvery, windowPackets, rtoPs: 100_000_000 },
    wire: { ackClass },
    flowControl: { release },
    timeLimitPs: 1e9,
  };

  function placeFlow(
    { src, dst, by, packets, extraBytes, chunks, startPs, waits, lag }: RawFlow,
    i: number,
    group: number,
  ): NetworkFlow {
    const from = group * hosts + (src % hosts);
    const to = ((group + by) % groups) * hosts + (dst % hosts);
    // Of what ends where this begins.
    const before = flows.findIndex((other, j) => j < i && other.dst % hosts === src % hosts);
    const upstream = before < 0 ? 0 : (group - flows[before]!.by + groups * 2) % groups;
    return {
      ...{ src: from, dst: to === from ? (to + hosts) % (groups * hosts) : to },
      ...{ bytes: packets * MTU_BYTES + extraBytes, chunks, startPs, connection: group * flows.length + i },
      after: waits && before >= 0 ? [{ flow: upstream * flows.length + before, lag }] : [],
    };
  }
}

/**
 * Groups of hosts under one switch that send within the group or to the next ones, all alike but
 * for the order of their ports.
 */
export const starPlan: fc.Arbitrary<RunPlan> = star.map((spec) => {
  const network = networkOf(spec);
  // Flows that were bent so as not to end where they begin may have left those behind that wait for
  // them.
  const flows = network.flows.map((one) => ({
    ...one,
    after: one.after!.filter(({ flow }) => network.flows[flow]!.dst === one.src),
  }));
  const plan = buildPlan({ ...network, flows });
  const print = () => `buildPlan(${JSON.stringify({ ...network, flows })})\n${describePlan(plan)}\n`;
  return Object.assign(plan, { [fc.toStringMethod]: print });
});
