import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { heddle } from "./fake-environment.js";

const row = (size: string, seed: number, jctNs: number) =>
  `${JSON.stringify({ schema: "heddle.point/1", id: "0", axes: { "workload.size": size }, seed, status: "finished", jctNs })}\n`;

it("heddle chart draws the rows of a sweep, and refuses what is none", async () => {
  const dir = mkdtempSync(join(tmpdir(), "heddle-"));
  const [rows, out, png] = ["rows.ndjson", "chart.svg", "chart.png"].map((name) => join(dir, name));
  writeFileSync(rows!, row("1KiB", 1, 500) + row("1MiB", 1, 9000) + row("1MiB", 2, 9500));
  const args = ["chart", rows!, "--x", "workload.size"];
  expect(await heddle([...args, "--out", out!])).toMatchObject({ code: 0, stdout: "" });
  expect(readFileSync(out!, "utf8")).toMatch(/^<svg.*1KiB.*1MiB/s);
  expect((await heddle([...args, "--out", png!])).code).toBe(0);
  expect(readFileSync(png!).subarray(1, 4).toString()).toBe("PNG");

  const refused = async (...more: string[]) => {
    const { code, stderr } = await heddle(more);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused(...args, "--out", join(dir, "chart.gif"))).toMatch(/\.svg or \.png/);
  expect(await refused(...args, "--y", "jct", "--out", out!)).toMatch(/there is no metric jct; there are jctNs/);
  expect(await refused(...args, "--where", "size", "--out", out!)).toMatch(/axis=value/);
  expect(await refused("chart", join(dir, "none"), "--x", "a", "--out", out!)).toMatch(/cannot read/);
  writeFileSync(rows!, `${row("1KiB", 1, 500)}{}\n`);
  expect(await refused(...args, "--out", out!)).toMatch(/rows\.ndjson:2: not a point of a sweep/);
});
