/**
 * The file that `heddle build-policy` writes: the core with the policy in it for memory that
 * threads share, a WebAssembly module like any other. Custom sections carry the same core for a
 * memory of its own, and the digest of the core that it is a variant of.
 */

import { PolicyError } from "../../plan/policy-error.js";
import { sha256Hex } from "../../util/sha256.js";
import { coreDigest } from "../core/instance.js";

const SINGLE = "heddle.single";
const VARIANT_OF = "heddle.core";
const CHECKSUM = "heddle.checksum";
const CHECKSUM_BYTES = 64;

/** What the core asks of its host; `abort` is what a failed assertion calls. */
const OWN_IMPORTS = new Set(["env.memory memory", "env.wait function", "env.notify function", "env.abort function"]);

/** Why functions of the host are refused. */
export function askedFor(foreign: readonly string[]): string {
  return `imports ${[...new Set(foreign)].join(", ")}; a compiled policy can ask nothing of its host`;
}

/**
 * @param core Digest of the shipped core: the layout of memory that the policy's core agrees with
 * the library on.
 */
export function joinCore(single: Uint8Array, shared: Uint8Array, core: string): Uint8Array<ArrayBuffer> {
  const sections = [customSection(SINGLE, single), customSection(VARIANT_OF, new TextEncoder().encode(core))];
  const content = concat([shared, ...sections]);
  return concat([content, checksumSection(content)]);
}

/** The SHA-256 of all that comes before, in hex digits: the last section of a file. */
function checksumSection(content: Uint8Array): Uint8Array {
  return customSection(CHECKSUM, new TextEncoder().encode(sha256Hex(content)));
}

/** @throws PolicyError where a file that build-policy made has been changed since */
function checkSum(bytes: Uint8Array, name: string): void {
  const end = bytes.length - checksumSection(new Uint8Array(0)).length;
  if (end < 0) return;
  const expected = checksumSection(bytes.subarray(0, end));
  const found = bytes.subarray(end);
  if (found.every((byte, i) => byte === expected[i])) return;
  // Where not even the head of the section is alike, the file is something else, or older.
  const head = expected.length - CHECKSUM_BYTES;
  const alike = found.subarray(0, head).filter((byte, i) => byte === expected[i]).length;
  if (alike < head / 2) return;
  throw new PolicyError(
    `${name} is damaged: its checksum does not match its content; build it again: heddle build-policy`,
    name,
  );
}

/**
 * What a core with a policy asks of its host beyond what the core itself asks: functions that no
 * other thread and no later version would know of.
 */
export async function foreignImports(core: Uint8Array): Promise<string[]> {
  const module = await WebAssembly.compile(Uint8Array.from(core));
  return WebAssembly.Module.imports(module)
    .filter(({ module, name, kind }) => !OWN_IMPORTS.has(`${module}.${name} ${kind}`))
    .map(({ module, name }) => `${module}.${name}`);
}

/**
 * @throws PolicyError where the bytes are something else, damaged, or were built by another heddle.
 */
export async function splitCore(bytes: Uint8Array, name: string) {
  checkSum(bytes, name);
  const shared = Uint8Array.from(bytes);
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(shared);
  } catch (cause) {
    throw new PolicyError(`${name} is not a WebAssembly module`, name, undefined, { cause });
  }
  const [single] = WebAssembly.Module.customSections(module, SINGLE);
  const [core] = WebAssembly.Module.customSections(module, VARIANT_OF);
  if (single === undefined || core === undefined) {
    throw new PolicyError(`${name} is not a core that heddle build-policy has built`, name);
  }
  if (new TextDecoder().decode(core) !== (await coreDigest())) {
    throw new PolicyError(`${name} was built by another version of heddle; build it again: heddle build-policy`, name);
  }
  if (WebAssembly.Module.customSections(module, CHECKSUM).length === 0) {
    throw new PolicyError(`${name} has no checksum; build it again: heddle build-policy`, name);
  }
  for (const part of [shared, new Uint8Array(single)]) {
    const foreign = await foreignImports(part);
    if (foreign.length > 0) throw new PolicyError(`${name} ${askedFor(foreign)}`, name);
  }
  return { shared, single: new Uint8Array(single) };
}

function customSection(name: string, content: Uint8Array): Uint8Array {
  const label = new TextEncoder().encode(name);
  const body = concat([leb128(label.length), label, content]);
  return concat([Uint8Array.of(0), leb128(body.length), body]);
}

/** An unsigned number as WebAssembly stores it. */
function leb128(value: number): Uint8Array {
  const bytes = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest !== 0);
  return Uint8Array.from(bytes);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
