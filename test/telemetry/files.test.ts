/** Files of telemetry and of links, as the command line writes them. */
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { beforeAll, describe, expect, it } from "vitest";
import { heddle } from "../cli/fake-environment.js";

const SCENARIO = `
topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 2, radix: 8 }
workload: { kind: collective, collective: all-reduce, algorithm: ring, size: 1MiB }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heddle-telemetry-"));
});

function run(...args: string[]) {
  return heddle(["run", "-", "--json", ...args], { stdin: SCENARIO });
}

async function written(name: string): Promise<string> {
  return readFile(join(folder, name), "utf8");
}

type Row = Readonly<Record<string, unknown>>;

/** A CSV without quotes. */
function rowsOf(csv: string): Row[] {
  const [head, ...lines] = csv.trimEnd().split("\n");
  const names = head!.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    const filled = names.map((name, i) => [name, cells[i]] as const).filter(([, cell]) => cell !== "");
    return Object.fromEntries(filled.map(([name, cell]) => [name, Number.isNaN(Number(cell)) ? cell : Number(cell)]));
  });
}

describe("heddle run --telemetry", () => {
  it("writes the same rows as CSV, NDJSON and Parquet", async () => {
    const path = (name: string) => join(folder, name);
    const ran = await run("--telemetry", path("t.csv"), "--every", "5us", "--links", path("l.csv"));
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain("fast-forward and replicas are off");
    await run("--telemetry", path("t.ndjson"), "--every", "5us");
    await run("--telemetry", path("t.parquet"), "--every", "5us", "--links", path("l.parquet"));
    const rows = rowsOf(await written("t.csv"));
    expect(rows.length).toBeGreaterThan(100);
    const ndjson = (await written("t.ndjson")).trimEnd().split("\n");
    expect(ndjson.map((line) => JSON.parse(line))).toEqual(rows);
    const parquet = async (name: string) => {
      const bytes = await readFile(path(name));
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      const objects = await parquetReadObjects({ file: file as ArrayBuffer });
      return objects.map((row) => Object.fromEntries(Object.entries(row).filter(([, cell]) => cell != null)));
    };
    expect(await parquet("t.parquet")).toEqual(rows);
    const links = rowsOf(await written("l.csv"));
    expect(await parquet("l.parquet")).toEqual(links);
    const { links: summary } = JSON.parse(ran.stdout);
    for (const hot of summary.hottest) {
      const link = links.find(
        ({ from, to, index }) => from === hot.from && to === hot.to && index === (hot.index ?? 0),
      )!;
      expect(link.txBytes).toBe(hot.txBytes);
      expect(link.utilisation).toBeCloseTo(hot.utilisation, 9);
    }
    expect(links.some(({ level }) => level === "scaleUp")).toBe(true);
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining(".tmp"));
  });

  it("writes OpenMetrics whose families and series stand together, in order of time", async () => {
    await run("--telemetry", join(folder, "t.om"), "--every", "5us", "--telemetry-of", "port,qp");
    const text = await written("t.om");
    expect(text.endsWith("# EOF\n")).toBe(true);
    const seen = new Set<string>();
    let [family, series, time, value] = ["", "", 0, 0];
    for (const line of text.split("\n").slice(0, -2)) {
      const type = /^# TYPE (\S+) (counter|gauge)$/.exec(line);
      if (type !== null) {
        family = type[1]!;
        expect(seen.has(family)).toBe(false);
        seen.add(family);
      }
      if (line.startsWith("#")) continue;
      const [, name, total, labels, number, at] = /^([a-z_]+?)(_total)?\{(.*)\} (\S+) (\S+)$/.exec(line)!;
      expect(name).toBe(family);
      const key = `${family}{${labels}}`;
      if (key === series) {
        expect(Number(at)).toBeGreaterThan(time);
        if (total !== undefined) expect(Number(number)).toBeGreaterThanOrEqual(value);
      } else {
        expect(seen.has(key)).toBe(false);
        seen.add(key);
      }
      [series, time, value] = [key, Number(at), Number(number)];
    }
    expect(seen).toContain("heddle_paused_seconds");
    expect(text).toContain('heddle_acked_bytes_total{kind="qp",name="qp-0 gpu-0 -> gpu-1",flow="0"}');
    await run("--links", join(folder, "l.prom"));
    expect(await written("l.prom")).toMatch(
      /heddle_link_tx_bytes_total\{from="gpu-0",to="leaf-0",index="0",level="access"\} \d+\n/,
    );
  });

  it("refuses what it cannot do, before the run", async () => {
    const file = join(folder, "x.csv");
    const refused = async (...args: string[]) => {
      const { code, stderr } = await run(...args);
      expect(code).not.toBe(0);
      return stderr;
    };
    expect(await refused("--telemetry", join(folder, "x.txt"))).toContain(".parquet");
    expect(await refused("--links", join(folder, "x"))).toContain("the ending says the format");
    expect(await refused("--every", "1us")).toContain("--telemetry FILE");
    expect(await refused("--telemetry", file, "--every", "0")).toContain("--every 10us");
    expect(await refused("--telemetry", file, "--telemetry-of", "cable")).toContain("port, switch, nic, qp");
    expect(await refused("--telemetry", file, "--snapshot", join(folder, "s"))).toContain("leave --snapshot out");
    expect(await refused("--telemetry", join(folder, "none", "x.csv"))).toContain("cannot write");
  });
});
