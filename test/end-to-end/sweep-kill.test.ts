import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseRow } from "../../src/study/sweep/row.js";
import { heddle, MAIN } from "./heddle.js";

const KILLS = 50;

/**
 * Many points that take next to no time, so that most instants lie between or in the writing of
 * rows.
 */
const SWEEP = `name: kill
base:
  topology: { kind: leaf-spine, gpus: 8, gpusPerNode: 8, radix: 8 }
  workload: { kind: flows, flows: [{ src: 0, dst: 1, size: 4KiB }] }
axes:
  workload.flows[0].size: { range: [1KiB, 12KiB], step: 1KiB }
seeds: 25
`;

test(`a sweep that is killed ${KILLS} times loses no finished point and repeats none`, async () => {
  const dir = mkdtempSync(join(tmpdir(), "heddle-"));
  const file = join(dir, "kill.yaml");
  writeFileSync(file, SWEEP);
  const [whole, killed] = [join(dir, "whole"), join(dir, "killed")];
  const undisturbed = heddle(["sweep", file, "--out", whole, "--quiet", "--workers", "2"]);
  expect(undisturbed.code).toBe(0);
  const path = join(killed, "points.ndjson");
  let before = "";
  let kills = 0;
  for (let random = 1; kills < KILLS; ) {
    random = (random * 48271) % 0x7fffffff;
    // Twice as it was begun, then as it was planned, which costs less.
    const what = kills < 2 ? [file, "--out", killed] : ["--resume", killed];
    const workers = `${1 + (kills % 2)}`;
    const child = spawn(process.execPath, [MAIN, "sweep", ...what, "--quiet", "--workers", workers], {
      stdio: "ignore",
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    // Killed some milliseconds after it has begun to write, so that it comes on by a few points.
    await growth(path, before.length, child);
    await new Promise((resolve) => setTimeout(resolve, random % 20));
    child.kill("SIGKILL");
    const code = await ended;
    const text = readFileSync(path, "utf8");
    const rows = text
      .split("\n")
      .slice(0, -1)
      .map((line) => parseRow(line));
    expect(rows).not.toContain(undefined);
    // No point twice, and every row that was whole is still there, untouched.
    expect(new Set(rows.map((row) => row!.id)).size).toBe(rows.length);
    const kept = before.slice(0, before.lastIndexOf("\n") + 1);
    if (code === null) expect(text.startsWith(kept)).toBe(true);
    before = text;
    if (code !== null) break;
    kills += 1;
  }
  expect(kills).toBe(KILLS);
  const end = heddle(["sweep", "--resume", file, "--out", killed, "--quiet", "--workers", "2"]);
  expect(end).toMatchObject({ code: 0, stdout: undisturbed.stdout });
  expect(readFileSync(path)).toEqual(readFileSync(join(whole, "points.ndjson")));
}, 400_000);

/** Resolves when the file is longer than it was, or the process has ended. */
async function growth(path: string, length: number, child: ChildProcess): Promise<void> {
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  while (size() <= length && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
}
