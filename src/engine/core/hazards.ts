/**
 * Hazards of lossy links as the core reckons with them: in whole numbers, whose sums are exact
 * (MODEL §3).
 */
import type { HazardTables } from "../../plan/plan.js";
import type { CoreMemory } from "./memory.js";

const UNITS = 2 ** 58;
/** No budget is as large. */
const CERTAIN = 2n ** 64n - 1n;

/**
 * Writes the tables behind each other from `address` on. Returns the address of each; 0 where a
 * link class loses nothing.
 */
export function writeHazards({ memory }: CoreMemory, tables: HazardTables, address: number): number[] {
  let next = address;
  return tables.map((table) => {
    if (table === null) return 0;
    const at = next;
    next += table.byteLength;
    new BigUint64Array(memory.buffer, at, table.length).set(BigUint64Array.from(table, inUnits));
    return at;
  });
}

function inUnits(hazard: number): bigint {
  return hazard >= 64 ? CERTAIN : BigInt(Math.floor(hazard * UNITS));
}
