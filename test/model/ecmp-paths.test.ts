import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/plan/outcome.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { runCore } from "../support/run-core.js";
import { hashedUplinks, type Permutation } from "./max-min.js";
import { permutationOf } from "./steady-state.js";
import { PAYLOAD_BYTES, planOf, squareLeafSpine, WIRE_BYTES } from "./support.js";

const PACKETS_PER_QP = 3;

/** Data packets by link between leaves and spines, by the documented hash. */
function expectedPackets(permutation: Permutation): Map<string, number> {
  const { width, qps, to } = permutation;
  const packets = new Map<string, number>();
  hashedUplinks(permutation).forEach((spine, part) => {
    if (spine < 0) return;
    const src = Math.floor(part / qps);
    const [from, into] = [Math.floor(src / width), Math.floor(to[src]! / width)];
    for (const link of [`leaf${from} spine${spine}`, `spine${spine} leaf${into}`]) {
      packets.set(link, (packets.get(link) ?? 0) + PACKETS_PER_QP);
    }
  });
  return packets;
}

/** The same as the simulator counted them. */
function countedPackets({ fabric }: RunPlan, { ports }: Outcome): Map<string, number> {
  const { firstPort, peerPort, deviceName } = fabric;
  const packets = new Map<string, number>();
  for (const { device, name } of fabric.switches) {
    for (let port = firstPort[device]!; port < firstPort[device + 1]!; port++) {
      const peer = deviceName(firstPort.findLastIndex((first) => first <= peerPort[port]!));
      // There is one ACK of 84 bytes per QP: fewer on a link than fill a packet.
      const count = Math.floor(ports.txBytes[port]! / WIRE_BYTES);
      if (count > 0 && !peer.startsWith("h")) packets.set(`${name} ${peer}`, count);
    }
  }
  return packets;
}

describe("the simulator hashes as documented: packets on every link", () => {
  test.each([
    { width: 8, qps: 1, policy: "ecmp" },
    { width: 8, qps: 4, policy: "ecmp-qp" },
    { width: 16, qps: 1, policy: "ecmp-qp" },
    { width: 16, qps: 4, policy: "ecmp-qp" },
  ])("$width x $width, $qps QPs, $policy", async ({ width, qps, policy }) => {
    for (const seed of [1, 2, 3]) {
      const plan = planOf({
        seed,
        topology: squareLeafSpine(width),
        routing: { policy },
        transport: { kind: "roce", qpsPerConnection: qps, ackEvery: 100 },
        workload: { kind: "flows", pattern: "permutation", size: `${PACKETS_PER_QP * qps * PAYLOAD_BYTES}B` },
      });
      const counted = countedPackets(plan, await runCore(plan));
      expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expectedPackets(permutationOf(width, qps, seed))));
    }
  });
});
