import { closeSync, fstatSync, ftruncateSync, openSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSnapshot, readSnapshotDescription, writeSnapshot } from "../../src/study/snapshot/index.js";
import { DESCRIPTION, memoryOf, shared, temporaryFolder } from "./samples.js";

const MIB = 2 ** 20;
const path = join(temporaryFolder(), "run.snapshot");

/** toEqual takes seconds for a MiB. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

test.each([
  ["nothing", { random: 0, words: 0, zeros: 0 }],
  ["a page of zeros", { random: 0, words: 0, zeros: 65536 }],
  ["a page of noise", { random: 65536, words: 0, zeros: 0 }],
  ["zeros", { random: 0, words: 0, zeros: 5 * MIB + 65536 }],
  ["noise", { random: 5 * MIB + 65536, words: 0, zeros: 0 }],
  ["words", { random: 0, words: 5 * MIB + 65536, zeros: 0 }],
  ["all of them", { random: 1.5 * MIB, words: 2 * MIB, zeros: 2 * MIB }],
  ["a last block of one byte", { random: MIB + 1, words: 0, zeros: 0 }],
])("what is written is read: %s", async (_, content) => {
  const memory = memoryOf(content);
  for (const written of [memory, shared(memory)]) {
    const { bytes } = await writeSnapshot(path, { description: DESCRIPTION, memory: written });
    expect((await stat(path)).size).toBe(bytes);
    const snapshot = await readSnapshot(path);
    expect(snapshot.description).toEqual(DESCRIPTION);
    expect(same(snapshot.memory, memory)).toBe(true);
    expect(snapshot.memory.buffer).toBeInstanceOf(ArrayBuffer);
    expect(await readSnapshotDescription(path)).toEqual(DESCRIPTION);
  }
});

test("a view of a part of a memory is the memory", async () => {
  const memory = memoryOf({ random: 3000, words: 3000, zeros: 0 }).subarray(1001, 5003);
  await writeSnapshot(path, { description: DESCRIPTION, memory });
  expect(same((await readSnapshot(path)).memory, memory)).toBe(true);
});

test("zeros take 12 bytes a MiB, noise takes its own length", async () => {
  const size = async (memory: Uint8Array) => (await writeSnapshot(path, { description: DESCRIPTION, memory })).bytes;
  const empty = await size(new Uint8Array());
  expect((await size(new Uint8Array(64 * MIB))) - empty).toBe(64 * 12);
  expect((await size(memoryOf({ random: 2 * MIB, words: 0, zeros: 0 }))) - empty).toBe(2 * (MIB + 12));
});

test("any mixture of content and any JSON survive", async () => {
  const length = fc.integer({ min: 0, max: 1.25 * MIB });
  const content = fc.record({ random: length, words: length, zeros: length });
  // JSON has no negative zero.
  const more = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)));
  await fc.assert(
    fc.asyncProperty(content, more, async (parts, scenario) => {
      fc.pre(!JSON.stringify(scenario).includes("__proto__"));
      const memory = memoryOf(parts);
      await writeSnapshot(path, { description: { ...DESCRIPTION, scenario }, memory });
      const snapshot = await readSnapshot(path);
      expect(snapshot.description.scenario).toEqual(scenario);
      expect(same(snapshot.memory, memory)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test("4 GiB of zeros are a small file", async () => {
  const memory = new Uint8Array(2 ** 32);
  const { bytes } = await writeSnapshot(path, { description: DESCRIPTION, memory });
  expect(bytes).toBeLessThan(52_000);
  expect((await readSnapshot(path)).memory.length).toBe(2 ** 32);
});

test("a description is read without the memory", async () => {
  await writeSnapshot(path, { description: DESCRIPTION, memory: memoryOf({ random: MIB, words: 0, zeros: 0 }) });
  const file = openSync(path, "r+");
  const { size } = fstatSync(file);
  ftruncateSync(file, 2000);
  ftruncateSync(file, size);
  closeSync(file);
  expect(await readSnapshotDescription(path)).toEqual(DESCRIPTION);
  await expect(readSnapshot(path)).rejects.toThrow("run.snapshot is damaged at block 1 of 1");
});
