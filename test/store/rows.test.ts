import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { clearFailure, readFailures, writeFailure } from "../../src/study/store/failures.js";
import { StoreFolder } from "../../src/study/store/folder.js";
import { lockStore } from "../../src/study/store/lock.js";
import { finishedIds, RowAppender, readRows, writeFinished } from "../../src/study/store/rows.js";
import { formatRow } from "../../src/study/sweep/row.js";
import { rowNamed } from "../sweep/rows.js";

let folder: StoreFolder;

beforeEach(async () => {
  folder = new StoreFolder(mkdtempSync(join(tmpdir(), "heddle-")));
  await folder.create();
});

async function appended(ids: readonly string[]): Promise<RowAppender> {
  const appender = await RowAppender.open(folder);
  await Promise.all(ids.map((id) => appender.append(rowNamed(id))));
  return appender;
}

const idsIn = async () => [...(await readRows(folder)).keys()];

describe("rows", () => {
  test("are there once they are appended, in the order in which they came", async () => {
    expect(await idsIn()).toEqual([]);
    const appender = await appended(["b", "a"]);
    expect(await idsIn()).toEqual(["b", "a"]);
    await appender.append(rowNamed("c"));
    await appender.close();
    expect(readFileSync(folder.rows, "utf8")).toBe(["b", "a", "c"].map((id) => formatRow(rowNamed(id))).join(""));
  });

  test("a torn last one is dropped, wherever it is cut", async () => {
    await (await appended(["a", "b"])).close();
    const whole = readFileSync(folder.rows);
    const second = formatRow(rowNamed("b")).length;
    for (const cut of [1, 2, 30, second - 1]) {
      writeFileSync(folder.rows, whole.subarray(0, whole.length - cut));
      expect(await idsIn()).toEqual(["a"]);
      const appender = await RowAppender.open(folder);
      expect([appender.wasTorn, [...appender.rows.keys()]]).toEqual([true, ["a"]]);
      await appender.append(rowNamed("b"));
      await appender.close();
      expect(readFileSync(folder.rows)).toEqual(whole);
    }
  });

  test("a damaged one before is an error that names it", async () => {
    await (await appended(["a"])).close();
    appendFileSync(folder.rows, "garbage\n");
    await expect(readRows(folder)).rejects.toThrow(/points\.ndjson:2 is damaged/);
    await expect(RowAppender.open(folder)).rejects.toThrow(/damaged/);
  });

  test("any flipped bit of a line is noticed", async () => {
    await (await appended(["a", "b"])).close();
    const whole = readFileSync(folder.rows);
    const last = formatRow(rowNamed("b")).length;
    for (let bit = 0; bit < 8 * (whole.length - last); bit++) {
      const damaged = Uint8Array.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(folder.rows, damaged);
      await expect(readRows(folder), `bit ${bit}`).rejects.toThrow(/damaged/);
    }
  });

  test("without a checksum, as older versions wrote them, are read, and get one when they are merged", async () => {
    const row = rowNamed("a");
    const line = formatRow(row);
    writeFileSync(folder.rows, line.replace(/,"checksum":"[0-9a-f]{16}"/, ""));
    expect(await readRows(folder)).toEqual(new Map([["a", row]]));
    const appender = await RowAppender.open(folder);
    await appender.merge();
    await appender.close();
    expect(readFileSync(folder.rows, "utf8")).toBe(line);
  });

  test("merged are the same bytes however they came", async () => {
    const first = await appended(["c", "a", "d", "b"]);
    await first.merge();
    await first.close();
    const expected = readFileSync(folder.rows, "utf8");
    const other = new StoreFolder(mkdtempSync(join(tmpdir(), "heddle-")));
    await other.create();
    for (const id of ["d", "b"]) await writeFinished(other, rowNamed(id));
    writeFileSync(join(other.finished, ".x.json.7.tmp"), "half");
    expect(await finishedIds(other)).toEqual(new Set(["d", "b"]));
    const second = await RowAppender.open(other);
    for (const id of ["a", "c"]) await second.append(rowNamed(id));
    expect([...(await readRows(other)).keys()].sort()).toEqual(["a", "b", "c", "d"]);
    await second.merge();
    await second.append(rowNamed("e"));
    await second.close();
    expect(readFileSync(other.rows, "utf8")).toBe(expected + formatRow(rowNamed("e")));
    expect(await finishedIds(other)).toEqual(new Set());
  });
});

describe("the lock", () => {
  test("is one process's at a time", async () => {
    const unlock = await lockStore(folder);
    await expect(lockStore(folder)).rejects.toThrow(/writes to/);
    await unlock();
    await (await lockStore(folder))();
    expect(existsSync(folder.lock)).toBe(false);
  });

  test.each([
    ["a process that is gone", { pid: 2 ** 22 - 3, host: hostname(), started: "1" }],
    ["an earlier process with this one's number", { pid: process.pid, host: hostname(), started: "1" }],
    ["an earlier process with a living one's number", { pid: process.ppid, host: hostname(), started: "1" }],
  ])("of %s is taken over", async (_, holder) => {
    writeFileSync(folder.lock, JSON.stringify(holder));
    await (await lockStore(folder))();
  });

  test("of another machine is not", async () => {
    writeFileSync(folder.lock, JSON.stringify({ pid: 1, host: "elsewhere", started: "1" }));
    await expect(lockStore(folder)).rejects.toThrow(/process 1 on elsewhere/);
  });
});

test("failures are kept until the point is finished", async () => {
  const failure = { id: "a", name: "TimeoutError", message: "it took longer than 1 s", attempts: 1 };
  await writeFailure(folder, failure);
  mkdirSync(folder.failed, { recursive: true });
  writeFileSync(join(folder.failed, "b.json"), "{");
  expect(await readFailures(folder)).toEqual(
    new Map([
      ["a", failure],
      ["b", { id: "b", name: "Error", message: "the point failed", attempts: 1 }],
    ]),
  );
  await clearFailure(folder, "a");
  expect([...(await readFailures(folder)).keys()]).toEqual(["b"]);
});
