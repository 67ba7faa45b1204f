/**
 * The format of snapshot files, version 1. All numbers are little-endian.
 *
 * The header:
 *
 *     offset  bytes
 *          0     16  "HEDDLE-SNAPSHOT" and a line feed
 *         16      4  version of the format
 *         20      4  bytes of the description, at most 16 MiB
 *         24      8  bytes of the memory, at most 4 GiB
 *         32      8  bytes of the file
 *         40     32  SHA-256 of the blocks: of the length and the data of each, in order
 *         72     32  SHA-256 of the 72 bytes above and the description
 *        104         the description, a JSON object in UTF-8
 *
 * The memory follows in blocks of 1 MiB, of which the last may be shorter:
 *
 *          0      4  length of the data: 0 for a block of zeros, the block's for one that is stored
 *                    as it is, less for one compressed (raw deflate)
 *          4      8  the first bytes of the SHA-256 of all lengths and data up to this block's end
 *         12         the data
 *
 * Every byte is under a checksum, and those in the header hold for the file as a whole. The ones in
 * the blocks say where a file is damaged, and keep damaged data from the decompressor.
 *
 * The magic and the version stay where they are in all formats to come.
 */
import { createHash } from "node:crypto";
import { MAX_DESCRIPTION_BYTES } from "./description.js";
import { SnapshotError } from "./errors.js";

const FORMAT_VERSION = 1;
export const HEADER_BYTES = 104;
export const BLOCK_BYTES = 2 ** 20;
/** In front of the data of a block. */
export const BLOCK_HEADER_BYTES = 12;
export const MAX_MEMORY_BYTES = 2 ** 32;

const MAGIC = Buffer.from("HEDDLE-SNAPSHOT\n");
const VERSION_AT = 16;
const DESCRIPTION_BYTES_AT = 20;
const MEMORY_BYTES_AT = 24;
const FILE_BYTES_AT = 32;
const BLOCKS_DIGEST_AT = 40;
const HEADER_DIGEST_AT = 72;
const CHECK_BYTES = 8;

export interface Header {
  readonly memoryBytes: number;
  readonly fileBytes: number;
  /** SHA-256, as BlockDigest gives it. */
  readonly blocksDigest: Uint8Array;
}

/** The header of a file, without the description. */
export function encodeHeader(header: Header, description: Uint8Array): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.set(MAGIC);
  bytes.writeUInt32LE(FORMAT_VERSION, VERSION_AT);
  bytes.writeUInt32LE(description.length, DESCRIPTION_BYTES_AT);
  bytes.writeBigUInt64LE(BigInt(header.memoryBytes), MEMORY_BYTES_AT);
  bytes.writeBigUInt64LE(BigInt(header.fileBytes), FILE_BYTES_AT);
  bytes.set(header.blocksDigest, BLOCKS_DIGEST_AT);
  bytes.set(headerDigest(bytes, description), HEADER_DIGEST_AT);
  return bytes;
}

/**
 * How many bytes of description follow; all that is taken from a header before its checksum is
 * known to be right.
 * @param bytes the first HEADER_BYTES of the file, or all of a shorter one
 * @throws SnapshotError
 */
export function decodeDescriptionBytes(path: string, bytes: Buffer): number {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new SnapshotError(path, `${path} is not a heddle snapshot`);
  if (bytes.length < DESCRIPTION_BYTES_AT) throw cutShort(path);
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version > FORMAT_VERSION) {
    const reads = `this one reads format ${FORMAT_VERSION}`;
    throw new SnapshotError(path, `${path} was made by a newer heddle (format ${version}); ${reads}`);
  }
  if (version !== FORMAT_VERSION) throw damaged(path, `there is no format ${version}`);
  if (bytes.length < HEADER_BYTES) throw cutShort(path);
  const length = bytes.readUInt32LE(DESCRIPTION_BYTES_AT);
  if (length > MAX_DESCRIPTION_BYTES) throw damaged(path, "its description is larger than 16 MiB");
  return length;
}

/**
 * @param fileBytes the length the file has
 * @throws SnapshotError
 */
export function decodeHeader(path: string, bytes: Buffer, description: Uint8Array, fileBytes: number): Header {
  const expected = bytes.subarray(HEADER_DIGEST_AT, HEADER_BYTES);
  if (!headerDigest(bytes, description).equals(expected)) throw damaged(path, "its header is not what was written");
  const header = {
    memoryBytes: Number(bytes.readBigUInt64LE(MEMORY_BYTES_AT)),
    fileBytes: Number(bytes.readBigUInt64LE(FILE_BYTES_AT)),
    blocksDigest: bytes.subarray(BLOCKS_DIGEST_AT, HEADER_DIGEST_AT),
  };
  if (fileBytes < header.fileBytes) throw cutShort(path, `it has ${fileBytes} of ${header.fileBytes} bytes`);
  if (fileBytes > header.fileBytes) throw damaged(path, `${fileBytes - header.fileBytes} bytes follow its end`);
  checkSizes(path, header, description.length);
  return header;
}

/**
 * A file of few bytes must not claim a large memory: each block of it takes some, if only to say
 * that it is zero.
 */
function checkSizes(path: string, { memoryBytes, fileBytes }: Header, descriptionBytes: number): void {
  if (memoryBytes > MAX_MEMORY_BYTES) throw damaged(path, "its memory is larger than 4 GiB");
  const least = HEADER_BYTES + descriptionBytes + blockCount(memoryBytes) * BLOCK_HEADER_BYTES;
  if (fileBytes < least || fileBytes > least + memoryBytes) throw damaged(path, "its sizes contradict each other");
}

export function blockCount(memoryBytes: number): number {
  return Math.ceil(memoryBytes / BLOCK_BYTES);
}

/** Bytes of memory in a block. */
export function blockLength(memoryBytes: number, block: number): number {
  return Math.min(BLOCK_BYTES, memoryBytes - block * BLOCK_BYTES);
}

/** Digest of the blocks of a file, as they are stored and in their order. */
export class BlockDigest {
  readonly #hash = createHash("sha256");

  /** The header of the next block, with the checksum up to here. */
  add(data: Uint8Array): Buffer {
    const header = Buffer.alloc(BLOCK_HEADER_BYTES);
    header.writeUInt32LE(data.length);
    this.#hash.update(header.subarray(0, 4)).update(data);
    header.set(this.#hash.copy().digest().subarray(0, CHECK_BYTES), 4);
    return header;
  }

  /** SHA-256 of all blocks; nothing can be added after it. */
  finish(): Buffer {
    return this.#hash.digest();
  }
}

function headerDigest(header: Uint8Array, description: Uint8Array): Buffer {
  return createHash("sha256").update(header.subarray(0, HEADER_DIGEST_AT)).update(description).digest();
}

export function damaged(path: string, how: string): SnapshotError {
  return new SnapshotError(path, `${path} is damaged: ${how}`);
}

export function damagedBlock(path: string, block: number, memoryBytes: number, options?: ErrorOptions): SnapshotError {
  return new SnapshotError(path, `${path} is damaged at block ${block + 1} of ${blockCount(memoryBytes)}`, options);
}

export function cutShort(path: string, how?: string): SnapshotError {
  return new SnapshotError(path, `${path} is cut short${how === undefined ? "" : `: ${how}`}`);
}
