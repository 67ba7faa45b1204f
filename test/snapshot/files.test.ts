import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { beforeEach, expect, test } from "vitest";
import {
  readSnapshot,
  readSnapshotDescription,
  type Snapshot,
  SnapshotError,
  writeSnapshot,
} from "../../src/study/snapshot/index.js";
import { DESCRIPTION, memoryOf, temporaryFolder } from "./samples.js";

const root = temporaryFolder();
const small: Snapshot = { description: DESCRIPTION, memory: memoryOf({ random: 10, words: 10, zeros: 10 }) };
const large: Snapshot = { description: DESCRIPTION, memory: memoryOf({ random: 2e7, words: 5e6, zeros: 5e6 }) };

let folder = "";
let path = "";
let count = 0;

beforeEach(() => {
  folder = join(root, `${count++}`);
  path = join(folder, "run.snapshot");
  mkdirSync(folder);
});

/** The number of a process that has ended. */
function endedProcess(): number {
  return Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
}

test("an interrupted write leaves the file as it was, and nothing else", async () => {
  await writeSnapshot(path, small);
  const before = readFileSync(path);
  const reason = new Error("enough");
  for (const delayMs of [0, 1, 4, 8, 12]) {
    const signal = new AbortController();
    const written = writeSnapshot(path, large, { signal: signal.signal });
    written.catch(() => {});
    await setTimeout(delayMs);
    signal.abort(reason);
    await expect(written).rejects.toBe(reason);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(["run.snapshot"]);
  }
});

test("a signal given before the write ends it", async () => {
  await expect(writeSnapshot(path, small, { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
  expect(readdirSync(folder)).toEqual([]);
});

test("writes to the same file at the same time do not mix", async () => {
  const snapshots = [1, 2, 3].map((wallMs) => {
    return { description: { ...DESCRIPTION, wallMs }, memory: new Uint8Array(3e6).fill(wallMs) };
  });
  await Promise.all(snapshots.map((snapshot) => writeSnapshot(path, snapshot)));
  const { description, memory } = await readSnapshot(path);
  expect(memory.every((byte) => byte === description.wallMs)).toBe(true);
  expect(readdirSync(folder)).toEqual(["run.snapshot"]);
});

test("leftovers of writers that are gone are removed, those of others are not", async () => {
  const gone = endedProcess();
  const stay = [
    `.run.snapshot.${process.ppid}-0-0.tmp`,
    `.run.snapshot.${process.pid}-99999-0.tmp`,
    `.run.snapshot.${gone}.tmp`,
    `.other.snapshot.${gone}-0-0.tmp`,
    `.run.snapshot.old.${gone}-0-0.tmp`,
    `run.snapshot.${gone}-0-0.tmp`,
  ];
  const go = [`.run.snapshot.${gone}-0-0.tmp`, `.run.snapshot.${gone}-7-12.tmp`];
  for (const name of [...stay, ...go]) writeFileSync(join(folder, name), "");
  await writeSnapshot(path, small);
  expect(readdirSync(folder).sort()).toEqual([...stay, "run.snapshot"].sort());
});

test("leftovers of an earlier process of the same number are in nobody's way", async () => {
  const victim = join(root, "victim");
  writeFileSync(victim, "mine");
  for (let i = 0; i < 100; i++) symlinkSync(victim, join(folder, `.run.snapshot.${process.pid}-${threadId}-${i}.tmp`));
  await writeSnapshot(path, small);
  expect(readdirSync(folder)).toEqual(["run.snapshot"]);
  expect(readFileSync(victim, "utf8")).toBe("mine");
});

test("a path may be relative", async () => {
  await writeSnapshot(relative(process.cwd(), path), small);
  expect(readdirSync(folder)).toEqual(["run.snapshot"]);
});

/** The message of a SnapshotError, without the folder. */
async function fault(operation: Promise<unknown>): Promise<string> {
  const error = await operation.then(
    () => null,
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(SnapshotError);
  return error.message.replace(folder, "");
}

test("files that cannot be read are named with the reason", async () => {
  for (const read of [readSnapshot, readSnapshotDescription]) {
    expect(await fault(read(path))).toBe("cannot read /run.snapshot: no such file or directory");
    expect(await fault(read(folder))).toBe("cannot read : it is a directory");
    expect(await fault(read("/dev/null"))).toBe("/dev/null is not a heddle snapshot");
    expect(await fault(read(`${path}\0`))).toMatch(/^cannot read .* null bytes/s);
  }
});

test("files that cannot be written are named with the reason", async () => {
  const absent = join(folder, "absent", "run.snapshot");
  expect(await fault(writeSnapshot(absent, small))).toBe(
    "cannot write /absent/run.snapshot: no such file or directory",
  );
  expect(await fault(writeSnapshot(folder, small))).toBe("cannot write : it is a directory");
  expect(await fault(writeSnapshot("/dev/null", small))).toBe("cannot write /dev/null: it is not an ordinary file");
});

test.skipIf(process.getuid?.() === 0)("permissions are respected and named", async () => {
  await writeSnapshot(path, small);
  chmodSync(path, 0);
  expect(await fault(readSnapshot(path))).toBe("cannot read /run.snapshot: permission denied");
  chmodSync(folder, 0o500);
  expect(await fault(writeSnapshot(path, small))).toBe("cannot write /run.snapshot: permission denied");
  chmodSync(folder, 0o700);
});

test.each([
  ["a key __proto__", JSON.parse('{"a":[{"__proto__":1}]}'), "its description has a key __proto__"],
  ["16 MiB", "x".repeat(2 ** 24), "its description is larger than 16 MiB"],
])("a description that could not be read is not written: %s", async (_, scenario, reason) => {
  const snapshot = { description: { ...DESCRIPTION, scenario }, memory: new Uint8Array() };
  expect(await fault(writeSnapshot(path, snapshot))).toBe(`cannot write /run.snapshot: ${reason}`);
  const endless = { description: { ...DESCRIPTION, simulatedNs: Infinity }, memory: new Uint8Array() };
  expect(await fault(writeSnapshot(path, endless))).toMatch(/its description has no number as simulatedNs$/);
  expect(readdirSync(folder)).toEqual([]);
});

/** The built modules, for a process of its own. */
const BUILT = new URL("../../dist/study/snapshot/index.js", import.meta.url).href;

/** Writes snapshots whose bytes are all wallMs, which counts up, and says so after the first. */
const WRITER = `
const { writeSnapshot } = await import(process.argv[1]);
const description = ${JSON.stringify(DESCRIPTION)};
for (let wallMs = 1; ; wallMs = 1 + (wallMs % 250)) {
  const memory = new Uint8Array(8e6).fill(wallMs);
  await writeSnapshot(process.argv[2], { description: { ...description, wallMs }, memory });
  if (wallMs === 1) console.log("written");
}`;

test("a killed writer leaves a whole file, and the next write removes what else it left", async () => {
  let leftovers = 0;
  // Where nothing was left in the first rounds, no writer was killed in the middle: it takes more.
  for (let round = 0; round < 8 || (leftovers === 0 && round < 100); round++) {
    const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "-e", WRITER, BUILT, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout!, "data");
    await setTimeout(10 + 13 * (round % 8));
    child.kill("SIGKILL");
    await once(child, "exit");
    const { description, memory } = await readSnapshot(path);
    expect(memory.length).toBe(8e6);
    expect(memory.every((byte) => byte === description.wallMs)).toBe(true);
    leftovers += readdirSync(folder).length - 1;
    await writeSnapshot(path, small);
    expect(readdirSync(folder)).toEqual(["run.snapshot"]);
  }
  expect(leftovers).toBeGreaterThan(0);
});
