import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { parseScenario } from "../../src/scenario/parse/parse.js";
import { runCore } from "../support/run-core.js";
import { PACKET_PS, planOf, squareLeafSpine } from "./support.js";

const WIDTH = 8;
const DOWN_US = 50;
const PACKETS_PER_CHUNK = 8;
const BUCKET_US = 20;

/**
 * Half of the hosts of each leaf send without end to the next leaf: after the failure there is
 * capacity enough.
 */
function endless(policy: string) {
  const flows = Array.from({ length: (WIDTH * WIDTH) / 2 }, (_, i) => {
    const src = Math.floor(i / (WIDTH / 2)) * WIDTH + (i % (WIDTH / 2));
    return { src: `h${src}`, dst: `h${(src + WIDTH) % (WIDTH * WIDTH)}`, size: "32KiB" };
  });
  const plan = planOf({
    topology: squareLeafSpine(WIDTH),
    routing: { policy },
    // What is published of these policies is of transports that find losses by their timeout.
    transport: { recovery: "selective", window: "1MiB", rto: "100us", retryLimit: 1000, lostResends: "timeout" },
    ecn: { kmin: "100KB", kmax: "400KB", pmax: 1 },
    faults: [{ kind: "link-down", from: "leaf0", to: "spine3", start: `${DOWN_US}us` }],
    workload: { kind: "flows", flows },
  });
  return { ...plan, flows: { ...plan.flows, chunks: plan.flows.chunks.map(() => 100_000) } };
}

/** Share of the line rate that each flow out of or into leaf 0 delivers, by interval of 20 us. */
async function goodput(policy: string, untilUs: number): Promise<number[][]> {
  const touched = [0, 1, 2, 3, 28, 29, 30, 31];
  const shares: number[][] = [];
  let before = touched.map(() => 0);
  for (let us = BUCKET_US; us <= untilUs; us += BUCKET_US) {
    const { chunksDelivered } = await runCore({ ...endless(policy), timeLimitPs: us * 1e6 });
    const now = touched.map((flow) => chunksDelivered[flow]!);
    shares.push(now.map((chunks, i) => ((chunks - before[i]!) * PACKETS_PER_CHUNK * PACKET_PS) / (BUCKET_US * 1e6)));
    before = now;
  }
  return shares;
}

const worst = (shares: readonly number[]) => Math.min(...shares);

describe("a link that goes down", () => {
  it("is left by REPS in less than 100 us, as its authors say, though routing tables do not change", async () => {
    const shares = await goodput("reps", 260);
    expect(worst(shares[1]!)).toBeGreaterThan(0.95);
    expect(worst(shares[2]!)).toBeLessThan(0.8);
    // From 140 us on at the latest, 90 us after the failure.
    for (const interval of shares.slice(7)) expect(worst(interval)).toBeGreaterThan(0.95);
  });

  it("costs REPS hardly a packet from 100 us after the failure on: it does not try the link again and again", async () => {
    const lost = async (us: number) => {
      const { totals } = await runCore({ ...endless("reps"), timeLimitPs: us * 1e6 });
      expect(totals.timeouts).toBe(0);
      return totals.droppedLinkDown;
    };
    const [soon, later] = [await lost(DOWN_US + 100), await lost(DOWN_US + 350)];
    expect(soon).toBeGreaterThan(100);
    // Each of eight flows sends 3,000 packets meanwhile. An entropy value is drawn anew only where
    // a QP has none left that came back.
    expect(later - soon).toBeLessThan(5);
  });

  it("stays a black hole to hashing by the queue pair, and to spraying that does not look", async () => {
    for (const policy of ["ecmp-qp", "oblivious", "adaptive"]) {
      const shares = await goodput(policy, 260);
      expect(worst(shares[1]!)).toBeGreaterThan(0.95);
      for (const interval of shares.slice(4)) expect(worst(interval)).toBeLessThan(0.05);
    }
  });

  it("loses what has not left by then, in both directions, and is named in the result", async () => {
    const scenario = (start: string, more: object = {}) => ({
      version: 1,
      topology: { kind: "custom", hosts: ["a", "b"], switches: ["s"], links: ["a", "b"].map((a) => ({ a, b: "s" })) },
      workload: { kind: "flows", flows: [{ src: "a", dst: "b", size: `${10 * 4096}B` }] },
      transport: { rto: "50us", retryLimit: 2 },
      faults: [{ kind: "link-down", from: "a", to: "s", start, ...more }],
    });
    // The NIC starts its packets 0.7 us after the post; the third ends at 700 + 3 * 83.56 ns.
    const cut = await simulate(scenario("950680ps"));
    expect(cut.packets).toMatchObject({ delivered: 3, dropped: { linkDown: 7 + 3 + 10 + 10, crc: 0 } });
    expect(cut.status).toBe("qp-failed");
    expect(cut.diagnosis!.text).toContain("packets were lost on a -> s when the link was down");
    const sooner = await simulate(scenario("950679ps"));
    expect(sooner.packets.delivered).toBe(2);
    const after = await simulate(scenario("1ms"));
    expect(after).toMatchObject({ status: "finished", packets: { dropped: { linkDown: 0 } } });
  });

  it("needs a start, and is one that exists", () => {
    const faults = (fault: object) => () => parseScenario({ ...BASE, faults: [{ kind: "link-down", ...fault }] });
    expect(faults({ from: "h0", to: "leaf0" })).toThrow("faults[0]: missing; write when the link goes down");
    expect(faults({ from: "h0", to: "leaf1", start: "1us" })).toThrow("there is no link between h0 and leaf1");
    expect(faults({ from: "h0", to: "leaf0", start: "1us", ber: 1e-4 })).toThrow("unknown key ber");
  });
});

const BASE = {
  version: 1,
  topology: squareLeafSpine(2),
  workload: { kind: "flows", flows: [{ src: "h0", dst: "h2", size: "1MB" }] },
};
