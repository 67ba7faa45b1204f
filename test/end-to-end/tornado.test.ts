import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { TornadoReport } from "../../src/study/tornado/effects.js";
import { heddle } from "./heddle.js";

let dir: string;
let file: string;
let store: string;

/** One message of 256 full packets over two links: bound by their rate. */
const PAIR = `name: pair
topology: { kind: custom, hosts: [a, b], switches: [s], links: [{ a: a, b: s }, { a: b, b: s }] }
links: { access: { rate: 400Gbps, fecLatency: 0ns, length: 100m } }
transport: { window: unlimited }
workload: { kind: flows, flows: [{ src: a, dst: b, size: 1MiB }] }
`;
const PACKETS = 256;
const PACKET_BYTES = 4096 + 62 + 20;
/** Two NICs, the switch, and two links of 100 m. */
const LATENCY_PS = 2 * 700_000 + 600_000 + 2 * 500_000;

/** The last packet leaves after all others, and is sent once more by the switch. */
function jctNs(rateBps: number): number {
  return ((PACKETS + 1) * Math.round((PACKET_BYTES * 8e12) / rateBps) + LATENCY_PS) / 1000;
}

function reportOf(stdout: string): TornadoReport {
  return JSON.parse(stdout) as TornadoReport;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "heddle-"));
  file = join(dir, "pair.yaml");
  store = join(dir, "store");
  writeFileSync(file, PAIR);
});

describe("heddle sweep --tornado", () => {
  it("finds what a closed form says of a message that is bound by the rate", () => {
    const { code, stdout } = heddle(["sweep", "--tornado", file, "--out", store, "--quiet", "--json"]);
    expect(code).toBe(0);
    const { base, effects, notVaried, share } = reportOf(stdout);
    expect(share).toBe(0.1);
    expect(base!.value).toBeCloseTo(jctNs(400e9), 6);
    const by = new Map(effects.map((effect) => [effect.name, effect]));
    const rate = by.get("links.access.rate")!;
    expect([rate.low.value, rate.low.mean, rate.high.value, rate.high.mean]).toEqual([
      ...["360Gbps", expect.closeTo(jctNs(360e9), 6), "440Gbps", expect.closeTo(jctNs(440e9), 6)],
    ]);
    expect(rate.swing).toBeCloseTo((jctNs(360e9) - jctNs(440e9)) / jctNs(400e9), 9);
    // Of 24.5 us 3 us are latency, which the rate does nothing to.
    expect(rate.elasticity).toBeCloseTo(-(1 - LATENCY_PS / 1000 / base!.value), 2);
    const size = by.get("workload.flows[0].size")!;
    expect(size.elasticity).toBeCloseTo(-rate.elasticity!, 2);
    const length = by.get("links.access.length")!;
    expect(length.high.mean! - base!.value).toBeCloseTo(100, 6);
    expect([effects[0]!.name, effects[1]!.name].sort()).toEqual(["links.access.rate", "workload.flows[0].size"]);
    // Nothing is lost, and no buffer fills.
    for (const name of ["transport.retryLimit", "transport.rto", "switch.buffer", "flowControl.response"]) {
      expect(by.get(name)).toMatchObject({ swing: 0, low: { change: { value: 0 } }, isSignificant: false });
    }
    expect(notVaried).toContainEqual({ name: "links.access.fecLatency", reason: "is zero, and so is any share of it" });
  });

  it("keeps its points in the store, and shows and draws them from there", () => {
    const parameters = ["--parameters", "links.access.rate,transport.retryLimit,nic", "--by", "25%"];
    const first = heddle(["sweep", "--tornado", file, "--out", store, "--chart", join(dir, "t.svg"), ...parameters]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^pair: JCT 24\.\d+ us; each parameter by 25\.0 % down and up\n/);
    expect(first.stdout).toMatch(/^parameter +low +base +high +JCT low +base +high +swing +elasticity\n/m);
    expect(first.stdout).toContain("No effect (swing 0): transport.retryLimit\n");
    const svg = readFileSync(join(dir, "t.svg"), "utf8");
    for (const text of ["each parameter by 25 %", "links.access.rate", "300Gbps", "500Gbps"])
      expect(svg).toContain(text);
    expect(svg).not.toContain("retryLimit");
    const again = heddle(["sweep", "--tornado", file, "--out", store, ...parameters]);
    expect(again).toMatchObject({ code: 0, stdout: first.stdout });
    expect(again.stderr).toContain("7 points are in the store already");
    expect(heddle(["sweep", "--resume", store]).stdout).toBe(first.stdout);
    expect(heddle(["sweep", "show", store]).stdout).toBe(first.stdout);
    const chart = heddle(["chart", store, "--out", join(dir, "again.svg")]);
    expect(chart.code).toBe(0);
    expect(readFileSync(join(dir, "again.svg"), "utf8")).toBe(svg);
    const where = heddle(["chart", store, "--where", "nic.latency=1us", "--out", join(dir, "again.svg")]);
    expect(where).toMatchObject({ code: 2, stderr: "heddle: --where goes with an axis; a tornado has none\n" });
    // A point that another share moves a value to is another point; the scenario itself is there.
    const other = heddle(["sweep", "--tornado", file, "--out", store, "--by", "0.1", ...parameters.slice(0, 2)]);
    expect(other.stderr).toContain("6 points are new, 6 are no longer part of it, 1 stays");
  });

  it("runs in shards, over paired seeds, to the same table", () => {
    writeFileSync(
      file,
      "preset: multipath\ntopology: { kind: leaf-spine, gpus: 16, gpusPerNode: 1, radix: 8 }\nworkload: { kind: flows, pattern: permutation, size: 64KiB }\n",
    );
    const tornado = ["--tornado", file, "--seeds", "3", "--parameters", "links.access.rate,switch.latency"];
    const whole = heddle(["sweep", ...tornado, "--out", store, "--quiet"]);
    expect(whole.code).toBe(0);
    expect(whole.stdout).toContain("means over 3 seeds");
    const parts = join(dir, "parts");
    expect(heddle(["sweep", "plan", ...tornado, "--out", parts]).stdout).toContain("pair-tornado: 15 points");
    for (const shard of ["0/2", "1/2"]) heddle(["sweep", "run", parts, "--shard", shard, "--quiet"]);
    const merged = heddle(["sweep", "merge", parts]);
    expect(merged).toMatchObject({ code: 0, stdout: whole.stdout });
    expect(readFileSync(join(parts, "points.ndjson"))).toEqual(readFileSync(join(store, "points.ndjson")));
  });

  it("says which values are refused, and goes on", () => {
    writeFileSync(file, `${PAIR}preset: roce-dcqcn\necn: { kmin: 500KB, kmax: 500KB, pmax: 1 }\n`);
    const { code, stdout } = heddle(["sweep", "--tornado", file, "--out", store, "--quiet", "--parameters", "ecn"]);
    expect(code).toBe(0);
    expect(stdout).toContain("ecn.kmin=550KB refused: kmin is above kmax");
    expect(stdout).toContain("ecn.pmax=1.1 refused: 1.1 is not allowed; write one from 0 to 1");
    expect(stdout).not.toContain("kmax=550KB");
  });

  it("refuses what makes no sense", () => {
    const refused = (...args: string[]) => {
      const { code, stderr } = heddle(["sweep", ...args, "--out", store]);
      expect(code).toBe(2);
      return stderr;
    };
    expect(refused("--tornado", file, "--by", "100%")).toContain("Write a share above 0 and below 100 %");
    expect(refused("--tornado", file, "--parameters", "links.acess")).toContain('there is no number "links.acess"');
    expect(refused("--tornado", file, "--chart", "t.pdf")).toContain("a chart is written as .svg or .png");
    expect(refused("routing-sweep", "--by", "10%")).toContain("--by goes with --tornado");
    expect(refused("routing-sweep", "--json")).toContain("--json goes with --tornado");
    writeFileSync(file, `${PAIR}flowControl: { kind: pfc, headroom: 40MB }\nswitch: { buffer: 64MB }\n`);
    expect(refused("--tornado", file, "--parameters", "nic")).toMatch(/buffer/);
  });
});
