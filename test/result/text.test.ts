import { describe, expect, test } from "vitest";
import type { ResultDocument } from "../../src/answer/result/document.js";
import { formatResult } from "../../src/answer/result/text.js";
import { FINISHED } from "./support.js";

const { ranks, ...rest } = FINISHED;
const STUCK: ResultDocument = {
  ...rest,
  status: "stuck",
  diagnosis: {
    kind: "deadlock",
    text: "Deadlock: 2 paused ports wait for each other in a circle: a -> b, then b -> a, then a -> b.",
    ports: ["a -> b", "b -> a"],
  },
  jctNs: null,
  efficiency: null,
  algbwGBps: null,
  busbwGBps: null,
  progress: { chunksDelivered: 1_000_000, chunks: 2_095_104, ranksFinished: 0, ranks: 1024 },
  ranks: { ...ranks, finishNs: null, slowest: [] },
  explanation: [],
};

const FLOWS: ResultDocument = {
  ...FINISHED,
  workload: { kind: "flows", flows: 2, totalBytes: 12_288 },
  steps: null,
  algbwGBps: null,
  busbwGBps: null,
  flows: [
    { src: 0, dst: 1, bytes: 4096, startNs: 0, finishNs: 2347.12, fctNs: 2347.12, ackedNs: 4000 },
    { src: 2, dst: 1, bytes: 8192, startNs: 100, finishNs: null, fctNs: null, ackedNs: null },
  ],
};

describe("the report of a run", () => {
  test("a finished collective", () => {
    expect(formatResult(FINISHED)).toBe(formatResult(FINISHED, { color: false }));
    expect(formatResult(FINISHED, { color: false })).toMatchInlineSnapshot(`
      "rail-1k  all-reduce (ring) of 256 MiB on 1,024 GPUs, rail-optimized
      adaptive routing, pfc, go-back-n, ecn; seed 1

        JCT               14.000 ms
        Ideal JCT         10.500 ms, efficiency 75.0 %
        Bandwidth         19.17 GB/s algbw, 38.31 GB/s busbw
        Step              p50 6.50 us, p99 6.80 us, max 6.84 us
        Packets           134 M sent, 134 M delivered, 402 M hops
        Losses            12 retransmitted, 12 dropped: transmission errors, 40
                          dropped: out of order
        PFC pauses        41, 123 us in all, the longest 9.88 us
        ECN marks         1234
        Link utilisation  mean 31.0 %, p99 76.0 %, max 82.0 % of 14.0 ms

      Where the time went
        bound     ██████████████████······  75.0 %  10.5 ms
          No algorithm can finish this all-reduce on this fabric in less than 10.5 ms.
        schedule  ███·····················  12.5 %  1.75 ms
          On an empty network the ring schedule needs 12.3 ms, 1.75 ms more than the
          bound.
        queueing  ███·····················  12.5 %  1.75 ms
          Packets waited behind others, where flows share a link. The busiest link,
          leaf-0 -> spine-3, was used 82.0 % of the time with up to 1.18 MiB queued.

      Slowest ranks  min 13.0 ms, p50 13.5 ms, p99 14.0 ms, max 14.0 ms
        gpu-17  14.000 ms
        gpu-3   13.995 ms

      Pause cascades
        from spine-3  17 ports  120 us

      Hottest links
        link                 used  carried  max queue   paused  dropped
        leaf-0 -> spine-3  82.0 %  547 MiB   1.18 MiB  9.88 us       12
        gpu-17 -> leaf-1   76.0 %  507 MiB        0 B        -        -

      402 M packet-hops in 9.80 s (41.0 M/s), 2 threads, 340 MiB
      digest 0123456789abcdef
      "
    `);
  });

  test("a run that got stuck says why and how far it came", () => {
    expect(formatResult(STUCK, { color: false })).toMatchInlineSnapshot(`
      "rail-1k  all-reduce (ring) of 256 MiB on 1,024 GPUs, rail-optimized
      adaptive routing, pfc, go-back-n, ecn; seed 1

        Did not finish    stuck at 14.0 ms
        Diagnosis         Deadlock: 2 paused ports wait for each other in a circle:
                          a -> b, then b -> a, then a -> b.
        Progress          1.00 M of 2.10 M chunks delivered (47.7 %), 0 of 1024 ranks
                          done
        Ideal JCT         10.500 ms
        Packets           134 M sent, 134 M delivered, 402 M hops
        Losses            12 retransmitted, 12 dropped: transmission errors, 40
                          dropped: out of order
        PFC pauses        41, 123 us in all, the longest 9.88 us
        ECN marks         1234
        Link utilisation  mean 31.0 %, p99 76.0 %, max 82.0 % of 14.0 ms

      Pause cascades
        from spine-3  17 ports  120 us

      Hottest links
        link                 used  carried  max queue   paused  dropped
        leaf-0 -> spine-3  82.0 %  547 MiB   1.18 MiB  9.88 us       12
        gpu-17 -> leaf-1   76.0 %  507 MiB        0 B        -        -

      402 M packet-hops in 9.80 s (41.0 M/s), 2 threads, 340 MiB
      digest 0123456789abcdef
      "
    `);
  });

  test("flows, the unfinished first", () => {
    const text = formatResult(FLOWS, { color: false });
    expect(text.slice(text.indexOf("Slowest flows"), text.indexOf("Pause"))).toMatchInlineSnapshot(`
      "Slowest flows
        flow  ranks               size   start           FCT       rate
           1  gpu-2 -> gpu-1  8.00 KiB  100 ns  not finished
           0  gpu-0 -> gpu-1  4.00 KiB    0 ns     2.3471 us  1.75 GB/s

      "
    `);
  });

  test("fits the width of a terminal", () => {
    for (const doc of [FINISHED, STUCK, FLOWS]) {
      const lines = formatResult(doc, { color: false }).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(lines.length).toBeLessThanOrEqual(44);
    }
  });

  test("where links are on credit, waits for it stand in the place of pauses", () => {
    const credit = {
      ...{ updates: 61_400, waitedNs: 1_550_000, longestWaitNs: 582 },
      cascades: [{ root: "leaf-4", ports: 5, waitedNs: 326_000 }],
      buffers: [
        { level: "access", leastBytes: 58_240, mostBytes: 79_040 },
        { level: "fabric", leastBytes: 70_720, mostBytes: 70_720 },
      ],
    };
    const pfc = { ...FINISHED.pfc, pauses: 0, pausedNs: 0, longestPauseNs: 0, cascades: [] };
    const hottest = FINISHED.links.hottest.map((link) => ({ ...link, pausedNs: 0, creditWaitNs: 4321 }));
    const text = formatResult({ ...FINISHED, pfc, credit, links: { ...FINISHED.links, hottest } }, { color: false });
    expect(text).toContain("Credit waits      1.55 ms in all, the longest 582 ns; 61.4 k updates\n");
    expect(text).toContain("Credit buffers    access 56.9 KiB to 77.2 KiB, fabric 69.1 KiB\n");
    expect(text).toMatch(/Credit cascades\n {2}from leaf-4 {2}5 ports {2}326 us\n/);
    expect(text).toMatch(/no credit {2}dropped\n.*4.32 us/);
    expect(text).not.toContain("PFC pauses");
    expect(text).not.toContain("Pause cascades");
  });

  test("colour adds codes and nothing else", () => {
    const colored = formatResult(FINISHED, { color: true });
    expect(colored).toContain("\u001b[1mrail-1k\u001b[22m");
    const codes = new RegExp(`${"\u001b"}\\[\\d+m`, "g");
    expect(colored.replace(codes, "")).toBe(formatResult(FINISHED, { color: false }));
  });
});
