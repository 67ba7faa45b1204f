import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { mean, runIncast } from "./probed-incast.js";

const BYTES = 20_000_000;
const FULL_PACKET = 4178;
/** Of the incast's fabric: 50 GB/s times 4.5 us. */
const BDP = 225_000;
/** From 200 us on, when the packets sent unasked have drained. */
const PROBES_NS = Array.from({ length: 25 }, (_, i) => 200_000 + 17_300 * i);

describe("rccc", () => {
  it("lets a flow alone run at line rate", async () => {
    const run = await runIncast({ senders: 1, bytes: BYTES, congestionControl: { kind: "rccc" } });
    expect(run.utilisation).toBeGreaterThan(0.985);
  });

  it.each([2, 8, 32])(
    "keeps less than a round trip's worth in the queue of a %i-to-1 incast, and the link full",
    async (senders) => {
      const spec = { senders, bytes: BYTES, probesNs: PROBES_NS, congestionControl: { kind: "rccc" } };
      const run = await runIncast(spec);
      expect(run.utilisation).toBeGreaterThan(0.99);
      expect(Math.max(...run.queueBytes)).toBeLessThan(BDP + senders * FULL_PACKET);
      for (const share of run.shares) expect(Math.abs(share - 1)).toBeLessThan(0.01);
      // All send a round trip's worth unasked; no more ever waits.
      expect(run.maxQueueBytes).toBeLessThan(senders * BDP);
      const uncontrolled = await runIncast({ ...spec, congestionControl: { kind: "none" } });
      expect(mean(uncontrolled.queueBytes)).toBeGreaterThan(4 * BDP);
    },
  );

  it("sends no more unasked than it may", async () => {
    const run = await runIncast({ senders: 32, bytes: BYTES, congestionControl: { kind: "rccc", speculative: 0.05 } });
    expect(run.maxQueueBytes).toBeLessThan(BDP + 32 * FULL_PACKET);
    expect(run.utilisation).toBeGreaterThan(0.98);
  });

  it("holds a smaller queue where less may be under way", async () => {
    const queue = async (underWay: number) => {
      const congestionControl = { kind: "rccc", underWay };
      return mean((await runIncast({ senders: 4, bytes: BYTES, probesNs: PROBES_NS, congestionControl })).queueBytes);
    };
    expect(await queue(1.1)).toBeLessThan(0.5 * (await queue(2)));
  });

  it("costs a ring nothing: chunk after chunk finds credit to spare", async () => {
    const ring = (congestionControl: object) =>
      simulate({
        topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 16 },
        transport: { congestionControl },
        workload: { kind: "collective", size: "4MiB" },
      });
    const [credited, free] = [await ring({ kind: "rccc" }), await ring({ kind: "none" })];
    expect(credited.jctNs! / free.jctNs!).toBeLessThan(1.02);
  });

  it("survives the loss of a tenth of the data, and of credit on the way back", async () => {
    const credited = await simulate({
      topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 1, radix: 8 },
      transport: { recovery: "selective", rto: "100us", congestionControl: { kind: "rccc" } },
      workload: { kind: "flows", pattern: "incast", size: "4MiB", senders: 15, target: 0 },
      faults: [{ kind: "degraded-link", from: "leaf-0", to: "gpu-0", ber: 1.5e-3 }],
    });
    expect(credited.status).toBe("finished");
    expect(credited.packets.dropped.crc).toBeGreaterThan(1000);
    expect(credited.jctNs! / credited.idealJctNs).toBeLessThan(1.4);
  });
});
