import { describe, expect, it, test } from "vitest";
import { buildResult } from "../../src/answer/result/build.js";
import { CoreRun } from "../../src/engine/run/run.js";
import type { SwitchSpec, TableRouting } from "../../src/plan/fabric.js";
import type { RunPlan } from "../../src/plan/plan.js";
import { ENGINE } from "../result/support.js";
import { resolve } from "./support.js";

const CORNERS = [0, 1, 2, 3];

/** Data classes of the four flows, where there are several: the last one closes the circle. */
const APART = ["a", "a", "a", "b"];

/** Four switches in a ring, a host under each that sends to the one across. */
function ring(flowControl: object, recovery: string, classes: readonly string[] | undefined) {
  return {
    topology: {
      kind: "custom",
      hosts: CORNERS.map((i) => `h${i}`),
      switches: CORNERS.map((i) => ({ name: `s${i}`, buffer: "1MiB" })),
      links: [
        ...CORNERS.map((i) => ({ a: `h${i}`, b: `s${i}` })),
        { a: "s0", b: "s1" },
        { a: "s1", b: "s2" },
        { a: "s2", b: "s3" },
        { a: "s3", b: "s0" },
      ],
    },
    flowControl,
    ...(classes && { classes: [...new Set([...classes, "b"])].map((name) => ({ name })) }),
    transport: { kind: "roce", recovery, rto: "1ms", retryLimit: 3 },
    workload: {
      kind: "flows",
      flows: CORNERS.map((i) => ({ src: `h${i}`, dst: `h${(i + 2) % 4}`, size: "8MiB", class: classes?.[i] })),
    },
  };
}

/** Replaces the routing tables: at each corner, the corner that packets for a host go to next. */
function route(plan: RunPlan, next: (corner: number, host: number) => number): RunPlan {
  const { fabric } = plan;
  const switches = fabric.switches.map((sw, corner): SwitchSpec => {
    const { groups, groupOf } = sw.routing as TableRouting;
    const portFor = (host: number) =>
      host === corner
        ? groups[groupOf[corner]!]!
        : [portTo(plan, sw.device, fabric.switches[next(corner, host)]!.device)];
    return {
      ...sw,
      routing: { kind: "table", groups: CORNERS.map(portFor), groupOf: Uint16Array.from(CORNERS), pinDivisor: 1 },
    };
  });
  return { ...plan, fabric: { ...fabric, switches } };
}

/** Each link between switches is full of packets for the next one. */
function clockwise(plan: RunPlan): RunPlan {
  return route(plan, (corner) => (corner + 1) % 4);
}

/** The link between the last switch and the first is left out. */
function alongLine(plan: RunPlan): RunPlan {
  return route(plan, (corner, host) => (host > corner ? corner + 1 : corner - 1));
}

function portTo({ fabric: { firstPort, peerPort } }: RunPlan, from: number, to: number): number {
  for (let port = firstPort[from]!; port < firstPort[from + 1]!; port++) {
    if (peerPort[port]! >= firstPort[to]! && peerPort[port]! < firstPort[to + 1]!) return port - firstPort[from]!;
  }
  throw new Error("the devices are not linked");
}

async function run(
  flowControl: object,
  recovery: string,
  edit: (plan: RunPlan) => RunPlan,
  classes?: readonly string[],
) {
  const { scenario, plan: resolved, counts, logical } = resolve(ring(flowControl, recovery, classes));
  const plan = edit(resolved);
  const core = await CoreRun.start(plan);
  while (core.advance(1e6));
  return buildResult({
    heddleVersion: "test",
    scenario,
    scenarioDigest: "",
    plan,
    outcome: core.outcome(),
    counts,
    logicalFlows: logical.ofFlow,
    stuckPorts: core.holdingPorts(),
    engine: ENGINE,
  });
}

const PFC = { kind: "pfc", threshold: { kind: "static", xoff: "64KiB" } };

describe("four switches in a ring, every flow two hops clockwise", () => {
  it("deadlocks with PFC, and the diagnosis names the circle", async () => {
    const result = await run(PFC, "go-back-n", clockwise);
    expect(result.status).toBe("qp-failed");
    expect(result.diagnosis).toMatchObject({
      kind: "deadlock",
      ports: ["s0 -> s1", "s1 -> s2", "s2 -> s3", "s3 -> s0"],
    });
    expect(result.diagnosis!.text).toMatch(/4 paused ports wait for each other/);
    expect(result.packets.dropped.congestion).toBe(0);
    expect(result.jctNs).toBeNull();
  });

  test.each([
    ["go-back-n", "drop"],
    ["selective", "drop"],
    ["go-back-n", "forward"],
  ])("is broken by a watchdog, and the job finishes: %s, %s", async (recovery, action) => {
    const watchdog = { detect: "100us", restore: "100us", action };
    const result = await run({ ...PFC, watchdog }, recovery, clockwise);
    expect(result.status).toBe("finished");
    expect(result.pfc.storms).toBeGreaterThan(0);
    expect(result.packets.dropped.watchdog > 0).toBe(action === "drop");
    expect(result.diagnosis).toBeUndefined();
  });

  it("is found and named where links are on credit", async () => {
    const result = await run({ kind: "credit", buffer: "64KiB" }, "go-back-n", clockwise);
    expect(result.diagnosis).toMatchObject({
      kind: "deadlock",
      ports: ["s0 -> s1", "s1 -> s2", "s2 -> s3", "s3 -> s0"],
    });
    expect(result.diagnosis!.text).toMatch(/4 ports without credit wait for each other/);
    expect(result.packets.dropped.congestion).toBe(0);
    expect(result.jctNs).toBeNull();
  });

  it("finishes on credit where paths do not close a circle", async () => {
    const result = await run({ kind: "credit", buffer: "64KiB" }, "go-back-n", alongLine);
    expect(result.status).toBe("finished");
    expect(result.credit!.waitedNs).toBeGreaterThan(0);
  });

  test.each([
    ["pauses", PFC],
    ["virtual lanes on credit", { kind: "credit", buffer: "64KiB" }],
  ])("finishes where the flow that closes the circle is in a data class of its own: %s", async (_name, flowControl) => {
    const apart = await run(flowControl, "go-back-n", clockwise, APART);
    expect(apart.status).toBe("finished");
    expect(apart.packets.dropped.congestion).toBe(0);
    expect(apart.pfc.pauses + (apart.credit?.waitedNs ?? 0)).toBeGreaterThan(0);
    // That there are two classes does not help where all four share one.
    const together = await run(flowControl, "go-back-n", clockwise, ["a", "a", "a", "a"]);
    expect(together.diagnosis).toMatchObject({
      kind: "deadlock",
      ports: ["s0 -> s1", "s1 -> s2", "s2 -> s3", "s3 -> s0"],
    });
  });

  it("finishes where packets may be dropped", async () => {
    const result = await run({ kind: "none" }, "selective", clockwise);
    expect(result.status).toBe("finished");
    expect(result.packets.dropped.congestion).toBeGreaterThan(0);
  });

  it("finishes where paths do not close a circle", async () => {
    const result = await run(PFC, "go-back-n", alongLine);
    expect(result.status).toBe("finished");
    expect(result.pfc.pauses).toBeGreaterThan(0);
    expect(result.diagnosis).toBeUndefined();
  });
});
