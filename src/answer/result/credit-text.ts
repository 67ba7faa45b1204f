import { fact } from "../text/layout-text.js";
import type { Style } from "../text/style.js";
import { bytes, count, duration } from "../text/units.js";
import type { CreditSummary } from "./document-network.js";

export function creditLines({ waitedNs, longestWaitNs, updates, buffers }: CreditSummary, style: Style): string[] {
  const waits = `${duration(waitedNs)} in all, the longest ${duration(longestWaitNs)}`;
  return [
    fact("Credit waits", `${waitedNs === 0 ? "none" : style.warn(waits)}; ${count(updates)} updates`),
    fact("Credit buffers", bufferSizes(buffers)),
  ];
}

/** `access 60.9 KiB, fabric 85.3 KiB to 97.5 KiB`. */
export function bufferSizes(buffers: CreditSummary["buffers"]): string {
  const sizes = buffers.map(({ level, leastBytes, mostBytes }) => {
    const range = leastBytes === mostBytes ? bytes(mostBytes) : `${bytes(leastBytes)} to ${bytes(mostBytes)}`;
    return `${level} ${range}`;
  });
  return sizes.join(", ");
}
