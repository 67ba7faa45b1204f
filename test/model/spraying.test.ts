import { describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";

/** A permutation of the hosts of a leaf-spine fabric, every flow across. */
function permutation(routing: object, more: object = {}) {
  const gpus = 64;
  return {
    version: 1,
    topology: { kind: "leaf-spine", gpus, gpusPerNode: 1, radix: 16 },
    routing,
    transport: { recovery: "selective", window: "1MiB", reorder: 256 },
    workload: {
      kind: "flows",
      flows: Array.from({ length: gpus }, (_, src) => ({ src, dst: (src + 8) % gpus, size: "4MiB" })),
    },
    ...more,
  };
}

describe("spraying by the sender", () => {
  it.each(["oblivious", "reps", "bitmap", "mixed"])("%s beats hashing by the queue pair by far", async (policy) => {
    const hashed = await simulate(permutation({ policy: "ecmp-qp" }));
    const sprayed = await simulate(permutation({ policy }));
    expect(sprayed.packets.retransmitted).toBe(0);
    expect(sprayed.jctNs! / sprayed.idealJctNs).toBeLessThan(1.2);
    expect(sprayed.jctNs!).toBeLessThan(hashed.jctNs! / 1.5);
  });

  it("with one entropy value is hashing by the queue pair", async () => {
    const { jctNs } = await simulate(permutation({ policy: "oblivious", entropies: 1 }));
    expect(jctNs! / (await simulate(permutation({ policy: "oblivious" }))).jctNs!).toBeGreaterThan(1.5);
  });

  it("by REPS and by bitmap avoids a slow link that oblivious spraying keeps running into", async () => {
    const faults = [{ kind: "degraded-link", from: "leaf-0", to: "spine-0", rate: "50Gbps" }];
    const ecn = { kmin: "50KB", kmax: "200KB", pmax: 1 };
    const settings = { faults, ecn };
    const jct = async (policy: string) => (await simulate(permutation({ policy }, settings))).jctNs!;
    const oblivious = await jct("oblivious");
    expect(await jct("reps")).toBeLessThan(oblivious / 1.3);
    expect(await jct("bitmap")).toBeLessThan(oblivious / 1.3);
  });

  it("is refused where the number of values is not a power of two", async () => {
    await expect(simulate(permutation({ policy: "reps", entropies: 100 }))).rejects.toThrow("not a power of two");
  });
});
