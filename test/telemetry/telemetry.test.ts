/** Telemetry against values that are known otherwise: totals of the result, and closed forms. */
import { describe, expect, it } from "vitest";
import type { TelemetryRow } from "../../src/answer/telemetry/columns.js";
import { internalsOf } from "../../src/api/simulation.js";
import type { TelemetryOptions } from "../../src/api/telemetry.js";
import { codewordErrorRatio, symbolErrorRatio } from "../../src/build/physics/fec.js";
import { type ScenarioDocument, Simulation, type SimulationOptions } from "../../src/index.js";

const BER = 2.2e-4;

/** PFC, marks, losses and resends at once. */
const BUSY: ScenarioDocument = {
  topology: { kind: "leaf-spine", gpus: 16, gpusPerNode: 2, radix: 8 },
  links: { fabric: { ber: BER, frameLossRatio: 1e-3 } },
  transport: { kind: "roce", congestionControl: { kind: "dcqcn" }, rto: "100us" },
  switch: { buffer: "2MiB" },
  workload: { kind: "collective", collective: "all-to-all", size: "4MiB" },
  faults: [{ kind: "link-down", from: "gpu-0", to: "leaf-0", at: "20us", until: "40us" }],
} as never;

type Kept = Partial<Omit<TelemetryOptions, "onRows">>;

async function observed(
  scenario: ScenarioDocument,
  telemetry: Kept = {},
  options: SimulationOptions = {},
  stops: readonly number[] = [],
) {
  const rows: TelemetryRow[] = [];
  const onRows = (some: Iterable<TelemetryRow>) => void rows.push(...some);
  const simulation = await Simulation.start(scenario, {
    ...options,
    telemetry: { everyNs: 5000, ...telemetry, onRows },
  });
  for (const untilNs of stops) await simulation.run({ untilNs });
  await simulation.run();
  const [result, links, { outcome }] = [simulation.result(), [...simulation.links()], internalsOf(simulation)];
  await simulation.close();
  return { rows, result, links, outcome };
}

async function digestOf(scenario: ScenarioDocument): Promise<string> {
  const simulation = await Simulation.start(scenario);
  await simulation.run();
  await simulation.close();
  return simulation.result().engine.digest;
}

function sum(rows: readonly TelemetryRow[], name: keyof TelemetryRow): number {
  return rows.reduce((total, row) => total + Number(row[name]), 0);
}

function grouped(rows: readonly TelemetryRow[], kind: string): Map<string, TelemetryRow[]> {
  const groups = new Map<string, TelemetryRow[]>();
  for (const row of rows) {
    if (row.kind !== kind) continue;
    const group = groups.get(String(row.name)) ?? [];
    if (group.length === 0) groups.set(String(row.name), group);
    group.push(row);
  }
  return groups;
}

describe("telemetry", () => {
  it("sums up to the totals of the run, and changes nothing in it", async () => {
    const { rows, result, links, outcome } = await observed(BUSY);
    expect(result.status).toBe("finished");
    expect(result.engine.digest).toBe(await digestOf(BUSY));
    expect(result.engine.fastForward.off).toContain("telemetry");
    const ports = grouped(rows, "port");
    const counters = [
      "txBytes",
      "pausedNs",
      "ecnMarked",
      "droppedCrc",
      "droppedLinkDown",
      "droppedCongestion",
    ] as const;
    const totals = Object.fromEntries(counters.map((name) => [name, 0]));
    for (const link of links) {
      const own = ports.get(`${link.from} -> ${link.to}${link.index === 0 ? "" : ` #${link.index}`}`) ?? [];
      for (const name of counters) {
        expect(sum(own, name)).toBeCloseTo(Number(link[name]), 3);
        totals[name]! += Number(link[name]);
      }
      const most = own.reduce((max, row) => Math.max(max, Number(row.maxQueueBytes)), 0);
      if (link.maxQueueBytes !== null) expect(Math.abs(most - Number(link.maxQueueBytes))).toBeLessThanOrEqual(1);
    }
    for (const name of ["txBytes", "ecnMarked", "droppedCrc", "droppedLinkDown"])
      expect({ name, total: totals[name] }).not.toEqual({ name, total: 0 });
    for (const kind of ["qp", "nic"]) {
      const some = rows.filter((row) => row.kind === kind);
      expect(sum(some, "retransmitted")).toBe(outcome.totals.retransmitted);
      expect(sum(some, "ackedBytes")).toBe(16 * 15 * 2 ** 18);
    }
    expect(outcome.totals.retransmitted).toBeGreaterThan(0);
    const switches = rows.filter(({ kind }) => kind === "switch");
    const sentBySwitches = links.filter(({ from }) => !String(from).startsWith("gpu"));
    expect(sum(switches, "txBytes")).toBe(sentBySwitches.reduce((total, { txBytes }) => total + Number(txBytes), 0));
  });

  it("cuts time at whole intervals, up to the end of what happens", async () => {
    const { rows, outcome } = await observed(BUSY);
    const ends = [...new Set(rows.map(({ toNs }) => Number(toNs)))];
    for (const at of ends.slice(0, -1)) expect(at % 5000).toBe(0);
    const endNs = Math.max(outcome.endPs, outcome.lastTransmissionPs) / 1000;
    expect(ends.at(-1)).toBeGreaterThanOrEqual(endNs);
    expect(ends.at(-1)).toBeLessThan(endNs + 5000);
    for (const group of grouped(rows, "port").values()) {
      group.forEach(({ fromNs, toNs, utilisation }, i) => {
        expect(fromNs).toBeLessThan(Number(toNs));
        if (i > 0) expect(fromNs).toBeGreaterThanOrEqual(Number(group[i - 1]!.toNs));
        expect(utilisation).toBeLessThanOrEqual(1);
      });
    }
  });

  it("shows the queue of an incast as its closed form has it", async () => {
    const gbps = 100;
    const hosts = ["a", "b", "c", "d"];
    const scenario = {
      topology: {
        kind: "custom",
        hosts,
        switches: [{ name: "s", buffer: "64MiB" }],
        links: hosts.map((a) => ({ a, b: "s", rate: `${gbps}Gbps`, length: "1m" })),
      },
      flowControl: { kind: "none" },
      transport: { kind: "roce", window: "64MiB" },
      workload: { kind: "flows", flows: ["a", "b", "c"].map((src) => ({ src, dst: "d", size: "4MiB" })) },
    } as never;
    const { rows } = await observed(scenario, { everyNs: 20_000, kinds: ["port"] });
    const queue = rows.filter(({ name }) => name === "s -> d");
    const packet = 4096 + 100;
    let counted = 0;
    for (const { toNs, queueBytes, maxQueueBytes } of queue) {
      // Three links fill what one empties; the first packets take about 2 us to get there.
      if (Number(toNs) > 300_000) continue;
      const grown = ((3 - 1) * gbps * 1e9 * (Number(toNs) * 1e-9)) / 8;
      expect(Number(queueBytes)).toBeLessThanOrEqual(grown + 3 * packet);
      expect(Number(queueBytes)).toBeGreaterThan(grown - (2 * gbps * 1e9 * 2.5e-6) / 8 - 3 * packet);
      expect(maxQueueBytes).toBeGreaterThanOrEqual(Number(queueBytes));
      counted++;
    }
    expect(counted).toBe(15);
    for (const { fromNs, toNs, utilisation } of queue.slice(1, -1)) {
      if (Number(toNs) - Number(fromNs) === 20_000) expect(utilisation).toBeCloseTo(1, 6);
    }
  });

  it("tells the same with more threads, and where the run is stopped and goes on", async () => {
    const { rows, result } = await observed(BUSY);
    const threaded = await observed(BUSY, {}, { threads: 2 });
    expect(threaded.rows).toEqual(rows);
    const stopped = await observed(BUSY, {}, {}, [7000, 7000, 23_456, 40_000]);
    expect(stopped.result.engine.digest).toBe(result.engine.digest);
    for (const name of ["txBytes", "ackedBytes", "ecnMarked"] as const) {
      expect(sum(stopped.rows, name)).toBe(sum(rows, name));
    }
    const most = (some: readonly TelemetryRow[]) => Math.max(...some.map((row) => Number(row.maxQueueBytes)));
    expect(most(stopped.rows)).toBe(most(rows));
  });

  it("takes longer intervals where rows become many, and keeps the largest queues", async () => {
    const { rows } = await observed(BUSY, { everyNs: 1000 });
    const longer: number[] = [];
    const few = await observed(BUSY, {
      everyNs: 1000,
      rowsPerLength: 2000,
      onLonger: (everyNs) => longer.push(everyNs),
    });
    expect(longer.slice(0, 2)).toEqual([2000, 4000]);
    expect(few.rows.length).toBeLessThan(rows.length / 2);
    const whole = grouped(rows, "port");
    for (const [name, group] of grouped(few.rows, "port")) {
      const all = whole.get(name)!;
      expect(sum(group, "txBytes")).toBe(sum(all, "txBytes"));
      const most = (some: readonly TelemetryRow[]) => Math.max(...some.map((row) => Number(row.maxQueueBytes)));
      expect(most(group)).toBe(most(all));
    }
  });

  it("tells what FEC has to do by the bit errors of the line", async () => {
    const { rows } = await observed(BUSY, { kinds: ["port"] });
    const row = rows.find(
      ({ name, fecSymbolErrors }) => String(name).startsWith("leaf-0 -> spine") && fecSymbolErrors !== null,
    )!;
    // A codeword of RS(544,514) carries 640 octets.
    const codewords = (Number(row.rateBps) * (Number(row.toNs) - Number(row.fromNs)) * 1e-9) / (640 * 8);
    expect(row.fecSymbolErrors).toBeCloseTo(codewords * 544 * symbolErrorRatio(BER), 3);
    expect(row.fecUncorrectable).toBeCloseTo(codewords * codewordErrorRatio(BER), 6);
  });

  it("follows a line whose bit errors change while the run lasts", async () => {
    const fault = { kind: "degraded-link", from: "leaf-0", to: "gpu-0", ber: BER, at: "12us" };
    const scenario = {
      topology: { kind: "leaf-spine", gpus: 4, gpusPerNode: 1, radix: 8 },
      workload: { kind: "flows", flows: [{ src: "gpu-1", dst: "gpu-0", size: "2MiB" }] },
      faults: [fault],
    } as never;
    const { rows } = await observed(scenario, { kinds: ["port"] });
    const ofLine = rows.filter(({ name }) => name === "leaf-0 -> gpu-0");
    const errors = ofLine.map(({ fecSymbolErrors }) => fecSymbolErrors);
    expect(errors.slice(0, 2)).toEqual([null, null]);
    const perNs = (ofLine[3]!.fecSymbolErrors as number) / 5000;
    expect(perNs).toBeCloseTo(((Number(ofLine[3]!.rateBps) * 1e-9) / (640 * 8)) * 544 * symbolErrorRatio(BER), 6);
    // From 12 us to 15 us.
    expect(errors[2]).toBeCloseTo(3000 * perNs, 6);
  });

  it("is refused where a run is to be kept or forked", async () => {
    const telemetry = { everyNs: 1000, onRows: () => {} };
    const simulation = await Simulation.start(BUSY, { telemetry });
    expect(() => simulation.snapshot()).toThrow("telemetry");
    await simulation.close();
  });
});
