/** Policies in files. Node only; reading a file does not run it, loading what comes of it does. */
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, extname, isAbsolute, relative, sep } from "node:path";
import { digestOf, type PolicySource } from "../../engine/policy/source.js";
import { PolicyError } from "../../plan/policy-error.js";
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
 * Reads a policy: JavaScript (.js, .mjs) or TypeScript (.ts) that exports `choose`, or a core that
 * `heddle build-policy` made (.wasm). A module is this one file: it imports nothing but types.
 * @param folder the file must lie in it or below, wherever links lead: of policies that a scenario
 * names
 * @throws PolicyError where there is no such file, or it is elsewhere
 */
export async function readPolicyFile(path: string, folder?: string): Promise<PolicyFile> {
  const name = basename(path);
  const kind = extname(path);
  if (![".js", ".mjs", ".ts", ".wasm"].includes(kind)) {
    throw new PolicyError(`${path} is no routing policy: name a .ts, .js, .mjs or .wasm file`, name);
  }
  const bytes = await read(folder === undefined ? path : await within(folder, path, name), path, name);
  const digest = digestOf(bytes);
  const source = async (): Promise<PolicySource> => {
    if (kind === ".wasm") return { core: bytes, name };
    const text = new TextDecoder().decode(bytes);
    const code = kind === ".ts" ? await stripTypes(text, path) : text;
    return { url: `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`, name, digest };
  };
  return { name, digest, bytes, source };
}

/**
 * The file that a path leads to. A scenario may come from anywhere, with links beside it that lead
 * to any file.
 */
async function within(folder: string, path: string, name: string): Promise<string> {
  const [root, file] = await Promise.all([folder, path].map((each) => realpath(each))).catch((cause) => {
    throw unreadable(path, name, cause);
  });
  const way = relative(root!, file!);
  if (way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return file!;
  throw new PolicyError(
    `the routing policy ${path} is a link to a file outside of its scenario's folder; copy the file there, or use --policy FILE`,
    name,
  );
}

/** @param shown the path as messages name it */
async function read(path: string, shown: string, name: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_BYTES) throw new Error("it is larger than 16 MiB");
    return await readFile(path);
  } catch (cause) {
    throw unreadable(shown, name, cause);
  }
}

function unreadable(path: string, name: string, cause: unknown): PolicyError {
  const { code, message } = cause as { code?: string; message: string };
  const reason = code === "ENOENT" ? "there is no such file" : message;
  return new PolicyError(`cannot read the routing policy ${path}: ${reason}`, name, undefined, { cause });
}
