/** Reads snapshots, trusting nothing in them. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { decodeDescription, type SnapshotDescription } from "./description.js";
import { asFileError, SnapshotError } from "./errors.js";
import {
  BLOCK_BYTES,
  BLOCK_HEADER_BYTES,
  BlockDigest,
  blockCount,
  blockLength,
  cutShort,
  damaged,
  damagedBlock,
  decodeDescriptionBytes,
  decodeHeader,
  HEADER_BYTES,
  type Header,
} from "./format.js";
import { BLOCKS_IN_FLIGHT, inOrder } from "./pipeline.js";
import type { Snapshot } from "./write.js";

/**
 * Reads a snapshot and checks all of it. Needs the memory of the snapshot and that of a few blocks.
 * @returns with memory of its own, not shared
 * @throws SnapshotError
 */
export function readSnapshot(path: string): Promise<Snapshot> {
  return withFile(path, async (file) => {
    const { description, header, blocksAt } = await readFront(path, file);
    const memory = allocate(path, header.memoryBytes);
    await readBlocks(path, file, header, blocksAt, memory);
    return { description, memory };
  });
}

/**
 * Reads what a snapshot says about itself. Checks that and the length of the file, not the memory
 * in it.
 * @throws SnapshotError
 */
export function readSnapshotDescription(path: string): Promise<SnapshotDescription> {
  return withFile(path, async (file) => (await readFront(path, file)).description);
}

async function withFile<Result>(path: string, read: (file: FileHandle) => Promise<Result>): Promise<Result> {
  try {
    const found = await stat(path);
    // Opening a pipe would wait for somebody to write to it.
    if (!found.isFile() && !found.isDirectory()) throw new SnapshotError(path, `${path} is not a heddle snapshot`);
    const file = await open(path, "r");
    try {
      return await read(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw asFileError(path, "read", cause);
  }
}

interface Front {
  readonly description: SnapshotDescription;
  readonly header: Header;
  readonly blocksAt: number;
}

async function readFront(path: string, file: FileHandle): Promise<Front> {
  const front = Buffer.alloc(HEADER_BYTES);
  const start = front.subarray(0, await readAll(file, front, 0));
  const descriptionBytes = decodeDescriptionBytes(path, start);
  const fileBytes = (await file.stat()).size;
  const blocksAt = HEADER_BYTES + descriptionBytes;
  if (fileBytes < blocksAt) throw cutShort(path);
  const encoded = Buffer.alloc(descriptionBytes);
  if ((await readAll(file, encoded, HEADER_BYTES)) < descriptionBytes) throw cutShort(path);
  const header = decodeHeader(path, start, encoded, fileBytes);
  return { description: decodeDescription(path, encoded), header, blocksAt };
}

function allocate(path: string, bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const need = `it needs ${Math.ceil(bytes / 2 ** 20)} MiB of memory, more than there is`;
    throw new SnapshotError(path, `cannot read ${path}: ${need}`, { cause });
  }
}

async function readBlocks(
  path: string,
  file: FileHandle,
  header: Header,
  blocksAt: number,
  memory: Uint8Array,
): Promise<void> {
  const decode = async ({ block, data }: StoredBlock) => {
    const length = blockLength(memory.length, block);
    if (data.length === length) return { block, bytes: data };
    try {
      const bytes = await inflate(data, { maxOutputLength: length, chunkSize: BLOCK_BYTES });
      if (bytes.length === length) return { block, bytes };
    } catch (cause) {
      throw damagedBlock(path, block, memory.length, { cause });
    }
    throw damagedBlock(path, block, memory.length);
  };
  await inOrder(storedBlocks(path, file, header, blocksAt), decode, ({ block, bytes }) => {
    memory.set(bytes, block * BLOCK_BYTES);
  });
}

const inflate = promisify<Uint8Array, { maxOutputLength: number; chunkSize: number }, Buffer>(inflateRaw);

interface StoredBlock {
  readonly block: number;
  /** As in the file, and good until the block BLOCKS_IN_FLIGHT later is asked for. */
  readonly data: Uint8Array;
}

/** The blocks that are not zero, their checksums verified, and that of the whole at the end. */
async function* storedBlocks(
  path: string,
  file: FileHandle,
  { memoryBytes, fileBytes, blocksDigest }: Header,
  blocksAt: number,
): AsyncGenerator<StoredBlock> {
  const buffers = Array.from({ length: BLOCKS_IN_FLIGHT }, () => Buffer.allocUnsafeSlow(BLOCK_BYTES));
  const blockHeader = Buffer.alloc(BLOCK_HEADER_BYTES);
  const digest = new BlockDigest();
  let position = blocksAt;
  const read = async (bytes: Buffer, block: number) => {
    if ((await readAll(file, bytes, position)) < bytes.length) throw damagedBlock(path, block, memoryBytes);
    position += bytes.length;
  };
  let stored = 0;
  for (let block = 0; block < blockCount(memoryBytes); block++) {
    await read(blockHeader, block);
    const length = blockHeader.readUInt32LE();
    if (length > blockLength(memoryBytes, block)) throw damagedBlock(path, block, memoryBytes);
    const data = buffers[stored % BLOCKS_IN_FLIGHT]!.subarray(0, length);
    await read(data, block);
    if (!digest.add(data).equals(blockHeader)) throw damagedBlock(path, block, memoryBytes);
    if (length === 0) continue;
    stored++;
    yield { block, data };
  }
  if (position !== fileBytes) throw damaged(path, "its blocks do not end where it does");
  if (!digest.finish().equals(blocksDigest)) throw damaged(path, "its blocks are not what was written");
}

/** Returns how much there was to read. */
async function readAll(file: FileHandle, bytes: Buffer, position: number): Promise<number> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
