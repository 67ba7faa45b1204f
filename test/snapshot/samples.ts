/** Snapshots to write and to damage. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { SnapshotDescription } from "../../src/study/snapshot/index.js";

export const DESCRIPTION: SnapshotDescription = {
  heddleVersion: "1.2.3",
  coreDigest: "00112233",
  scenario: { name: "Webstühle", topology: { kind: "leaf-spine", gpus: 16 } },
  scenarioDigest: "44556677",
  simulatedNs: 123_456.789,
  wallMs: 60_000,
  options: { threads: 2 },
};

/** Of the tests of a file; removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "heddle-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

export interface Content {
  readonly random: number;
  readonly words: number;
  readonly zeros: number;
}

/** Bytes that cannot be compressed, then words that can, then zeros. */
export function memoryOf({ random, words, zeros }: Content): Uint8Array {
  const bytes = new Uint8Array(random + words + zeros);
  let state = 1;
  for (let i = 0; i < random; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  for (let i = random; i < random + words; i++) bytes[i] = (i & 3) === 0 ? 1 + ((i >>> 2) % 251) : 0;
  return bytes;
}

export function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
