import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { BlockDigest, encodeHeader, HEADER_BYTES } from "../../src/study/snapshot/format.js";
import { readSnapshot, readSnapshotDescription, SnapshotError, writeSnapshot } from "../../src/study/snapshot/index.js";
import { DESCRIPTION, memoryOf, temporaryFolder } from "./samples.js";

const MIB = 2 ** 20;
const path = join(temporaryFolder(), "run.snapshot");
const description = Buffer.from(JSON.stringify(DESCRIPTION));
const blocksAt = HEADER_BYTES + description.length;

let small: Buffer;
let large: Buffer;

beforeAll(async () => {
  small = await fileOf(memoryOf({ random: 0, words: 900, zeros: 100 }));
  large = await fileOf(memoryOf({ random: 1.5 * MIB, words: MIB, zeros: 2 * MIB }));
});

async function fileOf(memory: Uint8Array): Promise<Buffer> {
  await writeSnapshot(path, { description: DESCRIPTION, memory });
  return readFileSync(path);
}

/** What reading a file of these bytes says, without the path. */
async function faultOf(bytes: Uint8Array, read: (path: string) => Promise<unknown> = readSnapshot): Promise<string> {
  writeFileSync(path, bytes);
  const error = await read(path).then(
    () => new Error("nothing"),
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(SnapshotError);
  expect(error).toMatchObject({ name: "SnapshotError", path });
  expect(error.message).toContain(path);
  return error.message.replace(path, "x");
}

function flipped(bytes: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= mask;
  return copy;
}

test("every flipped byte of a small snapshot is found", async () => {
  for (let at = 0; at < small.length; at++) {
    const bytes = flipped(small, at, 1 << (at % 8));
    const fault = await faultOf(bytes);
    if (at < 16) expect(fault).toBe("x is not a heddle snapshot");
    else if (at < 20) expect(fault).toMatch(/^x was made by a newer heddle \(format \d+\)|^x is damaged: there is no/);
    else if (at < 24) expect(fault).toMatch(/^x is (damaged|cut short)/);
    else if (at < blocksAt) expect(fault).toBe("x is damaged: its header is not what was written");
    else expect(fault).toBe("x is damaged at block 1 of 1");
    if (at < blocksAt) expect(await faultOf(bytes, readSnapshotDescription)).toBe(fault);
  }
});

test("every truncation of a small snapshot is found", async () => {
  for (let length = 0; length < small.length; length++) {
    const fault = await faultOf(small.subarray(0, length));
    if (length < 16) expect(fault).toBe("x is not a heddle snapshot");
    else if (length < blocksAt) expect(fault).toBe("x is cut short");
    else expect(fault).toBe(`x is cut short: it has ${length} of ${small.length} bytes`);
    expect(await faultOf(small.subarray(0, length), readSnapshotDescription)).toBe(fault);
  }
});

test("any flipped byte is found, and in which block", async () => {
  const starts = blockStarts(large);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.integer({ min: blocksAt, max: large.length - 1 }),
        fc.tuple(fc.constantFrom(...starts), fc.nat({ max: 11 })).map(([start, offset]) => start + offset),
      ),
      fc.integer({ min: 1, max: 255 }),
      async (at, mask) => {
        const block = starts.filter((start) => start <= at).length;
        expect(await faultOf(flipped(large, at, mask))).toBe(`x is damaged at block ${block} of 5`);
      },
    ),
    { numRuns: 150 },
  );
});

test("any truncation and any addition is found", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: blocksAt, max: large.length - 1 }), async (length) => {
      expect(await faultOf(large.subarray(0, length))).toBe(
        `x is cut short: it has ${length} of ${large.length} bytes`,
      );
      // As a crash of a machine leaves it: the length is right, the end was never written.
      const holed = Buffer.concat([large.subarray(0, length), Buffer.alloc(large.length - length)]);
      if (!holed.equals(large)) expect(await faultOf(holed)).toMatch(/^x is damaged at block \d of 5$/);
    }),
    { numRuns: 50 },
  );
  expect(await faultOf(Buffer.concat([large, Buffer.alloc(7)]))).toBe("x is damaged: 7 bytes follow its end");
});

/** Offsets of the blocks of a file. */
function blockStarts(file: Buffer): number[] {
  const starts: number[] = [];
  for (let at = blocksAt; at < file.length; at += 12 + file.readUInt32LE(at)) starts.push(at);
  return starts;
}

test("blocks in another order are found", async () => {
  const file = await fileOf(memoryOf({ random: 2 * MIB, words: 0, zeros: 0 }));
  const [first, second] = blockStarts(file);
  const swapped = [file.subarray(0, first), file.subarray(second), file.subarray(first, second)];
  expect(await faultOf(Buffer.concat(swapped))).toBe("x is damaged at block 1 of 2");
});

test("a newer format is refused whatever else is in the file", async () => {
  const newer = Buffer.concat([small.subarray(0, 20), Buffer.from("anything")]);
  newer.writeUInt32LE(2, 16);
  for (const read of [readSnapshot, readSnapshotDescription]) {
    expect(await faultOf(newer, read)).toBe("x was made by a newer heddle (format 2); this one reads format 1");
  }
});

test.each(["", "HEDDLE", "topology: { kind: leaf-spine }\n", "\0".repeat(200)])(
  "other files are refused: %#",
  async (text) => {
    expect(await faultOf(Buffer.from(text))).toBe("x is not a heddle snapshot");
  },
);

/** A file whose checksums are right, whatever it says. */
function forged(memoryBytes: number, blocks: readonly Uint8Array[], text: Uint8Array = description): Buffer {
  const digest = new BlockDigest();
  const stored = Buffer.concat(blocks.flatMap((data) => [digest.add(data), data]));
  const fileBytes = HEADER_BYTES + text.length + stored.length;
  const header = encodeHeader({ memoryBytes, fileBytes, blocksDigest: digest.finish() }, text);
  return Buffer.concat([header, text, stored]);
}

const ZEROS = new Uint8Array();

test.each([
  ["4 GiB in a tiny file", 2 ** 32, [ZEROS], "x is damaged: its sizes contradict each other"],
  ["more than 4 GiB", 2 ** 32 + 65536, [ZEROS], "x is damaged: its memory is larger than 4 GiB"],
  ["exabytes", 2 ** 60, [ZEROS], "x is damaged: its memory is larger than 4 GiB"],
  ["a file too long for its memory", 5, [new Uint8Array(20)], "x is damaged: its sizes contradict each other"],
  ["too few blocks", 3 * MIB, [ZEROS, new Uint8Array(24)], "x is damaged at block 3 of 3"],
  ["too many blocks", MIB, [ZEROS, ZEROS], "x is damaged: its blocks do not end where it does"],
  ["a block that expands too far", 65536, [deflateRawSync(Buffer.alloc(65537))], "x is damaged at block 1 of 1"],
  ["a bomb", MIB, [deflateRawSync(Buffer.alloc(256 * MIB))], "x is damaged at block 1 of 1"],
  ["a block that expands too little", 65536, [deflateRawSync(Buffer.alloc(65535))], "x is damaged at block 1 of 1"],
  ["a block that does not expand", 65536, [Buffer.from("not deflated")], "x is damaged at block 1 of 1"],
])("forged: %s", async (_, memoryBytes, blocks, fault) => {
  expect(await faultOf(forged(memoryBytes, blocks))).toBe(fault);
});

test("forged: a wrong digest of the blocks alone", async () => {
  const blocks = blockStarts(small).map((start) => small.subarray(start));
  const header = { memoryBytes: 1000, fileBytes: small.length, blocksDigest: createHash("sha256").digest() };
  const bytes = Buffer.concat([encodeHeader(header, description), description, ...blocks]);
  expect(await faultOf(bytes)).toBe("x is damaged: its blocks are not what was written");
});

test.each([
  ["{", "is not JSON"],
  ["\xff", "is not JSON"],
  [`{"a":${"[".repeat(1e6)}${"]".repeat(1e6)}}`, "is not JSON"],
  ["[]", "is not an object"],
  ["null", "is not an object"],
  ['{"heddleVersion":1}', "has no text as heddleVersion"],
  ['{"heddleVersion":"1","scenario":{"__proto__":{"a":1}}}', "has a key __proto__"],
  [JSON.stringify({ ...DESCRIPTION, scenario: "", wallMs: null }), "has no number as wallMs"],
])("forged: description %#", async (text, fault) => {
  const bytes = forged(0, [], Buffer.from(text, "latin1"));
  expect(await faultOf(bytes, readSnapshotDescription)).toBe(`x is damaged: its description ${fault}`);
});

test("forged: a description of 4 GiB", async () => {
  const bytes = Buffer.from(small);
  bytes.writeUInt32LE(2 ** 32 - 1, 20);
  expect(await faultOf(bytes)).toBe("x is damaged: its description is larger than 16 MiB");
});
