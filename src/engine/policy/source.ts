/** What programs pass as a custom routing policy. */

import type { RoutingPolicy } from "../../plan/decision.js";
import { sha256Hex } from "../../util/sha256.js";
import type { CorePolicy } from "../core/core-policy.js";
import { splitCore } from "./core-file.js";

/** An ES module that exports a `RoutingPolicy` named `choose`. Every thread imports it. */
export interface PolicyModule {
  /** What `import()` takes. A `data:` URL holds the module itself. */
  readonly url: string;
  /** For messages and results; by default the end of the URL's path. */
  readonly name?: string;
  /** Tells the module's content from others', e.g. a checksum of it; by default that of the URL. */
  readonly digest?: string;
}

/** A core that `heddle build-policy` made: the bytes of its file. */
export interface CompiledPolicy {
  readonly core: Uint8Array;
  readonly name?: string;
}

/** A function, which runs in one thread; a module; or a compiled core. */
export type PolicySource = RoutingPolicy | PolicyModule | CompiledPolicy;

export interface ResolvedPolicy {
  readonly policy: CorePolicy;
  /** 16 hex digits that stand for what the policy does, in the digest of the scenario. */
  readonly digest: string;
}

const split = new WeakMap<Uint8Array, ReturnType<typeof splitCore>>();

/** @throws PolicyError where bytes are not a core that this heddle has built. */
export async function resolvePolicy(source: PolicySource): Promise<ResolvedPolicy> {
  if (typeof source === "function") {
    const name = source.name || "function";
    return { policy: { kind: "function", name, choose: source }, digest: digestOf(String(source)) };
  }
  if ("core" in source) {
    const { core, name = "compiled policy" } = source;
    const cores = split.get(core) ?? splitCore(core, name);
    split.set(core, cores);
    return { policy: { kind: "compiled", name, ...(await cores) }, digest: digestOf(core) };
  }
  const { url, name = nameOf(url), digest = digestOf(url) } = source;
  return { policy: { kind: "module", name, url }, digest };
}

function nameOf(url: string): string {
  if (url.startsWith("data:")) return "module";
  return url.slice(url.lastIndexOf("/") + 1) || "module";
}

/** The first 16 hex digits of the SHA-256. */
export function digestOf(content: string | Uint8Array): string {
  return sha256Hex(typeof content === "string" ? new TextEncoder().encode(content) : content).slice(0, 16);
}
