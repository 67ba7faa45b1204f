/** What a snapshot says about itself. */
import { SnapshotError } from "./errors.js";

/** JSON-able, with whatever else the writer adds. */
export interface SnapshotDescription {
  readonly heddleVersion: string;
  /** Digest of the core whose memory this is; no other core can continue from it. */
  readonly coreDigest: string;
  readonly scenario: unknown;
  readonly scenarioDigest: string;
  /** Time simulated so far, in ns. */
  readonly simulatedNs: number;
  /** Time spent so far, in ms. */
  readonly wallMs: number;
  readonly [more: string]: unknown;
}

export const MAX_DESCRIPTION_BYTES = 16 * 2 ** 20;

/**
 * As JSON in UTF-8.
 * @throws SnapshotError where the result could not be read again
 */
export function encodeDescription(path: string, description: SnapshotDescription): Buffer {
  const bytes = Buffer.from(JSON.stringify(description));
  const fault = bytes.length > MAX_DESCRIPTION_BYTES ? "is larger than 16 MiB" : parse(bytes).fault;
  if (fault !== undefined) throw new SnapshotError(path, `cannot write ${path}: its description ${fault}`);
  return bytes;
}

/** @throws SnapshotError */
export function decodeDescription(path: string, bytes: Uint8Array): SnapshotDescription {
  const { description, fault } = parse(bytes);
  if (description === undefined) throw new SnapshotError(path, `${path} is damaged: its description ${fault}`);
  return description;
}

type Parsed =
  | { readonly description: SnapshotDescription; readonly fault?: undefined }
  | { readonly description?: undefined; readonly fault: string };

function parse(bytes: Uint8Array): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), refusePrototypes);
  } catch (cause) {
    return { fault: cause instanceof ForbiddenKey ? cause.message : "is not JSON" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { fault: "is not an object" };
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name of ["heddleVersion", "coreDigest", "scenarioDigest"]) {
    if (typeof fields[name] !== "string") return { fault: `has no text as ${name}` };
  }
  for (const name of ["simulatedNs", "wallMs"]) {
    if (!Number.isFinite(fields[name])) return { fault: `has no number as ${name}` };
  }
  return { description: value as SnapshotDescription };
}

class ForbiddenKey extends Error {}

/**
 * JSON.parse makes __proto__ an ordinary key, which becomes a prototype as soon as somebody copies
 * the object.
 */
function refusePrototypes(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new ForbiddenKey("has a key __proto__");
  return value;
}
