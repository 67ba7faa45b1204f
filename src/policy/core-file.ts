/**
 * The file that `heddle build-policy` writes: the core with the policy in it for memory that threads share, a WebAssembly module like any other.
 * In custom sections it carries the same core for a memory of its own, and the digest of the core that it is a variant of.
 */
import { coreDigest } from "../core/instance.js";
import { PolicyError } from "./errors.js";

const SINGLE = "heddle.single";
const VARIANT_OF = "heddle.core";

/** @param core Digest of the shipped core: the layout of memory that the policy's core agrees with the library on. */
export function joinCore(single: Uint8Array, shared: Uint8Array, core: string): Uint8Array<ArrayBuffer> {
  const sections = [customSection(SINGLE, single), customSection(VARIANT_OF, new TextEncoder().encode(core))];
  return concat([shared, ...sections]);
}

/** @throws PolicyError where the bytes are something else, or were built by another heddle. */
export async function splitCore(bytes: Uint8Array, name: string) {
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
