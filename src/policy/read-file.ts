/** Policies in files. Node only; reading a file does not run it, loading what comes of it does. */
import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { PolicyError } from "./errors.js";
import { digestOf, type PolicySource } from "./source.js";
import { stripTypes } from "./strip-types.js";

export interface PolicyFile {
  readonly name: string;
  /** Tells its content from that of others: part of a scenario's digest. */
  readonly digest: string;
  readonly bytes: Uint8Array;
  /** What `simulate` takes. @throws PolicyError where it is TypeScript that cannot be read. */
  source(): Promise<PolicySource>;
}

const LARGEST_BYTES = 16 * 2 ** 20;

/**
 * Reads a policy: JavaScript (.js, .mjs) or TypeScript (.ts) that exports `choose`, or a core that `heddle build-policy` made (.wasm). A module
 * is this one file: it imports nothing but types.
 * @throws PolicyError where there is no such file
 */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  const name = basename(path);
  const kind = extname(path);
  if (![".js", ".mjs", ".ts", ".wasm"].includes(kind)) {
    throw new PolicyError(`${path} is no routing policy: name a .ts, .js, .mjs or .wasm file`, name);
  }
  const bytes = await read(path, name);
  const digest = digestOf(bytes);
  const source = async (): Promise<PolicySource> => {
    if (kind === ".wasm") return { core: bytes, name };
    const text = new TextDecoder().decode(bytes);
    const code = kind === ".ts" ? await stripTypes(text, path) : text;
    return { url: `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`, name, digest };
  };
  return { name, digest, bytes, source };
}

async function read(path: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_BYTES) throw new Error("it is larger than 16 MiB");
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    const reason = code === "ENOENT" ? "there is no such file" : message;
    throw new PolicyError(`cannot read the routing policy ${path}: ${reason}`, name, undefined, { cause });
  }
}
