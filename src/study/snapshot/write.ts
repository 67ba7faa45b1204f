/** Writes snapshots. */
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { encodeDescription, type SnapshotDescription } from "./description.js";
import { SnapshotError } from "./errors.js";
import {
  BLOCK_BYTES,
  BlockDigest,
  blockCount,
  blockLength,
  encodeHeader,
  HEADER_BYTES,
  MAX_MEMORY_BYTES,
} from "./format.js";
import { BLOCKS_IN_FLIGHT, inOrder } from "./pipeline.js";
import { replaceFile } from "./replace.js";

/** What a simulation can be continued from. */
export interface Snapshot {
  readonly description: SnapshotDescription;
  /** The core's whole linear memory, at most 4 GiB; may be shared. */
  readonly memory: Uint8Array;
}

export interface WriteOptions {
  /** Ends the writing between two blocks. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a snapshot in place of the file of that name, which stays whole until the new one is. The
 * memory must not change until then; a few blocks of it are copied at a time.
 * @returns the length of the file
 * @throws SnapshotError, and the reason of the signal when that ends the writing
 */
export async function writeSnapshot(
  path: string,
  { description, memory }: Snapshot,
  { signal }: WriteOptions = {},
): Promise<{ bytes: number }> {
  signal?.throwIfAborted();
  if (memory.length > MAX_MEMORY_BYTES) {
    throw new SnapshotError(path, `cannot write ${path}: its memory is larger than 4 GiB`);
  }
  const encoded = encodeDescription(path, description);
  const bytes = await replaceFile(path, (file) => writeContent(file, encoded, memory, signal));
  return { bytes };
}

/** Returns the length of the file. */
async function writeContent(
  file: FileHandle,
  description: Buffer,
  memory: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<number> {
  const memoryBytes = memory.length;
  const digest = new BlockDigest();
  let position = HEADER_BYTES;
  const append = async (bytes: Uint8Array) => {
    await writeAll(file, bytes, position);
    position += bytes.length;
  };
  await append(description);
  await inOrder(range(blockCount(memoryBytes)), blockEncoder(memory), async (data) => {
    signal?.throwIfAborted();
    await append(digest.add(data));
    if (data.length > 0) await append(data);
  });
  const header = { memoryBytes, fileBytes: position, blocksDigest: digest.finish() };
  await writeAll(file, encodeHeader(header, description), 0);
  signal?.throwIfAborted();
  return position;
}

/**
 * Gives a block as it is to be stored; good until that of the block BLOCKS_IN_FLIGHT later is asked
 * for.
 */
function blockEncoder(memory: Uint8Array): (block: number) => Promise<Uint8Array> {
  const memoryBytes = memory.length;
  const copies = Array.from({ length: BLOCKS_IN_FLIGHT }, () => Buffer.allocUnsafeSlow(BLOCK_BYTES));
  return async (block) => {
    const start = block * BLOCK_BYTES;
    const bytes = copies[block % BLOCKS_IN_FLIGHT]!.subarray(0, blockLength(memoryBytes, block));
    // A copy, since neither compression nor file operations are sure to take shared memory.
    bytes.set(memory.subarray(start, start + bytes.length));
    if (isZero(bytes)) return EMPTY;
    const compressed = await deflate(bytes, { level: 1, chunkSize: BLOCK_BYTES });
    return compressed.length < bytes.length ? compressed : bytes;
  };
}

const deflate = promisify<Uint8Array, { level: number; chunkSize: number }, Buffer>(deflateRaw);

const EMPTY = new Uint8Array();

/** The first byte is zero, and each equals the one before it. */
function isZero(bytes: Buffer): boolean {
  return bytes[0] === 0 && bytes.compare(bytes, 1, bytes.length, 0, bytes.length - 1) === 0;
}

/** A write may take only a part, e.g. when a signal comes or the disk is full. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

function* range(end: number): Generator<number> {
  for (let i = 0; i < end; i++) yield i;
}
