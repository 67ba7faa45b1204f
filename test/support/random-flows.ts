import fc from "fast-check";
import type { NetworkFlow } from "./network-spec.js";
import type { RandomTopology } from "./random-topology.js";

/** Payload sizes around whole packets. */
interface Size {
  readonly packets: number;
  readonly extraBytes: number;
}

/** A flow before its hosts are known: `src` and `dst` are taken modulo the number of hosts. */
interface RawFlow {
  readonly src: number;
  readonly dst: number;
  readonly size: Size;
  readonly startPs: number;
  readonly chunks: number;
  readonly nic: number;
  readonly delayPs: number;
  readonly after: readonly { readonly flow: number; readonly lag: number }[];
}

const size: fc.Arbitrary<Size> = fc.record({
  packets: fc.oneof(
    { weight: 4, arbitrary: fc.nat(4) },
    { weight: 3, arbitrary: fc.nat(40) },
    { weight: 1, arbitrary: fc.nat(200) },
  ),
  extraBytes: fc.constantFrom(0, 0, 1, -1, 77),
});

/** Often the same instant. */
const startPs = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(0, 0, 0, 1_000_000, 1_000_001) },
  { weight: 1, arbitrary: fc.nat(20_000_000) },
);

/** Of flows of one NIC often unequal, and from less than a packet takes to more than a message. */
const delayPs = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(1, 250_000, 2_000_000, 50_000_000) },
  { weight: 1, arbitrary: fc.nat(20_000_000) },
);

const host = fc.nat(63);
const nic = fc.nat(3);
const lag = fc.constantFrom(0, 0, 1, 1, 2, -1, -2);
const chunks = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 }));

const singles: fc.Arbitrary<RawFlow[]> = fc.array(
  fc.record({ src: host, dst: host, size, startPs, chunks, nic, delayPs, after: fc.constant([]) }),
  { minLength: 1, maxLength: 8 },
);

const incast: fc.Arbitrary<RawFlow[]> = fc
  .record({ dst: host, senders: fc.integer({ min: 2, max: 6 }), size, startPs, chunks, nic, delayPs })
  .map(({ dst, senders, ...flow }) =>
    Array.from({ length: senders }, (_, i) => ({ ...flow, src: dst + 1 + i, dst, after: [] })),
  );

/** Flows around a ring, or along a part of one, each waiting for the one before. */
const ring: fc.Arbitrary<RawFlow[]> = fc
  .record({
    first: host,
    length: fc.integer({ min: 2, max: 6 }),
    closed: fc.boolean(),
    lag,
    size,
    startPs,
    chunks,
    nic,
    delays: fc.array(delayPs, { minLength: 1, maxLength: 3 }),
  })
  .map(({ first, length, closed, lag, delays, ...flow }) =>
    Array.from({ length }, (_, i) => {
      const before = i > 0 ? [i - 1] : closed ? [length - 1] : [];
      // A closed ring moves only where a chunk is free at the start.
      const after = before.map((upstream) => ({ flow: upstream, lag: closed ? Math.max(1, lag) : lag }));
      const delayPs = delays[i % delays.length]!;
      return { ...flow, delayPs, src: first + i, dst: closed && i === length - 1 ? first : first + i + 1, after };
    }),
  );

/** Two flows to a host, and one from there that waits for both. */
const fanIn: fc.Arbitrary<RawFlow[]> = fc
  .record({ at: host, sizes: fc.tuple(size, size, size), lags: fc.tuple(lag, lag), startPs, chunks, nic, delayPs })
  .map(({ at, sizes, lags, ...flow }) => [
    { ...flow, src: at + 1, dst: at, size: sizes[0], after: [] },
    { ...flow, src: at + 2, dst: at, size: sizes[1], after: [] },
    { ...flow, src: at, dst: at + 3, size: sizes[2], after: lags.map((lag, i) => ({ flow: i, lag })) },
  ]);

const pattern = fc.oneof(
  { weight: 3, arbitrary: singles },
  { weight: 2, arbitrary: incast },
  { weight: 3, arbitrary: ring },
  { weight: 2, arbitrary: fanIn },
);

/** Any flow may be made to wait for flows that end where it starts. */
const extraDependencies = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.record({ flow: fc.nat(), upstream: fc.nat(), lag }), { maxLength: 4 }) },
);

const MAX_FLOWS = 20;

/** Random flows, of `maxPackets` data packets in all or a little more. */
export function randomFlows(maxPackets: number) {
  return fc
    .record({ patterns: fc.array(pattern, { minLength: 1, maxLength: 4 }), extraDependencies })
    .map(({ patterns, extraDependencies }) => ({
      on: (topology: RandomTopology, mtuBytes: number): NetworkFlow[] => {
        const raw = patterns.flatMap((flows, i) => {
          const offset = patterns.slice(0, i).flat().length;
          return flows.map((flow) => ({
            ...flow,
            after: flow.after.map((entry) => ({ ...entry, flow: entry.flow + offset })),
          }));
        });
        const flows = place(raw.slice(0, MAX_FLOWS), topology, mtuBytes, maxPackets);
        return withDependencies(flows, extraDependencies);
      },
    }));
}

function place(raw: RawFlow[], topology: RandomTopology, mtuBytes: number, maxPackets: number): NetworkFlow[] {
  const { hosts, nodeOf, fabricNics } = topology;
  const connections = new Map<string, number>();
  let packetsLeft = maxPackets;
  const flows = raw.map((flow): NetworkFlow => {
    const src = flow.src % hosts.length;
    const dst = flow.dst % hosts.length === src ? (src + 1) % hosts.length : flow.dst % hosts.length;
    const packets = Math.min(flow.size.packets, Math.floor(packetsLeft / flow.chunks));
    packetsLeft -= packets * flow.chunks;
    const overScaleUp = nodeOf[src] === nodeOf[dst] && flow.nic < 2;
    const srcNic = overScaleUp ? fabricNics[src]! : flow.nic % fabricNics[src]!;
    const dstNic = overScaleUp ? fabricNics[dst]! : flow.nic % fabricNics[dst]!;
    const pair = `${src}.${srcNic} ${dst}.${dstNic}`;
    if (!connections.has(pair)) connections.set(pair, connections.size);
    return {
      src,
      dst,
      srcNic,
      dstNic,
      bytes: Math.max(1, packets * mtuBytes + flow.size.extraBytes),
      chunks: flow.chunks,
      startPs: flow.startPs,
      connection: connections.get(pair)!,
      delayPs: flow.delayPs,
      after: flow.after,
    };
  });
  // Patterns cut short, or bent to fit the hosts, lose the dependencies that no longer meet.
  return flows.map((flow) => ({
    ...flow,
    after: flow.after!.filter((entry) => flows[entry.flow]?.dst === flow.src),
  }));
}

function withDependencies(
  flows: NetworkFlow[],
  extra: readonly { flow: number; upstream: number; lag: number }[],
): NetworkFlow[] {
  const result = [...flows];
  for (const { flow, upstream, lag } of extra) {
    const index = flow % flows.length;
    const here = result[index]!;
    const candidates = flows.flatMap((other, i) => (other.dst === here.src && i !== index ? [i] : []));
    if (candidates.length === 0) continue;
    const chosen = candidates[upstream % candidates.length]!;
    result[index] = { ...here, after: [...here.after!, { flow: chosen, lag }] };
  }
  return result;
}
