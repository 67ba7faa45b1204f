/**
 * Addresses and tables of a smaller fabric. What stands for many switches is met on many ways, so a
 * NIC's address does not tell how to go on. Here ways have addresses: those that never part share
 * one.
 */
import { type TableRouting, UNREACHABLE } from "../../plan/fabric.js";
import { MAX_ADDRESSES } from "../../plan/limits.js";

/**
 * A way through the small fabric: switches (by number) and the local ports that they are left by.
 */
export interface SmallWay {
  readonly switches: readonly number[];
  readonly ports: readonly number[];
}

export interface Addressing {
  /** By way. */
  readonly addresses: Uint32Array;
  /** By switch. */
  readonly tables: TableRouting[];
}

/** Entries of all tables together, beyond which the smaller run is no gain. */
const MAX_ENTRIES = 2 ** 26;
/** Addresses that are tried for one way before it gets one of its own. */
const MAX_TRIES = 64;

/**
 * "twice" where a way comes to a switch twice, which no table can tell apart; null where tables
 * would be too large.
 */
export function addressing(ways: readonly SmallWay[], portCounts: readonly number[]): Addressing | "twice" | null {
  // By switch: local port by address.
  const ports: Map<number, number>[] = portCounts.map(() => new Map());
  const addresses = new Uint32Array(ways.length);
  const byLastPort = new Map<string, number[]>();
  let count = 1;
  for (const [number, way] of ways.entries()) {
    if (new Set(way.switches).size < way.switches.length) return "twice";
    const fits = (address: number) =>
      way.switches.every((sw, i) => (ports[sw]!.get(address) ?? way.ports[i]) === way.ports[i]);
    const key = `${way.switches.at(-1)} ${way.ports.at(-1)}`;
    const known = byLastPort.get(key) ?? [];
    let address = known.find(fits) ?? firstThat(fits, Math.min(count, MAX_TRIES)) ?? count;
    if (way.switches.length === 0) address = 0;
    if (!known.includes(address)) byLastPort.set(key, [...known, address].slice(-MAX_TRIES));
    count = Math.max(count, address + 1);
    addresses[number] = address;
    way.switches.forEach((sw, i) => {
      ports[sw]!.set(address, way.ports[i]!);
    });
  }
  if (count > MAX_ADDRESSES || count * portCounts.length > MAX_ENTRIES) return null;
  const tables = portCounts.map((portCount, sw): TableRouting => {
    const groupOf = new Uint16Array(count).fill(UNREACHABLE);
    for (const [address, port] of ports[sw]!) groupOf[address] = port;
    return { kind: "table", groups: Array.from({ length: portCount }, (_, port) => [port]), groupOf, pinDivisor: 1 };
  });
  return { addresses, tables };
}

function firstThat(fits: (address: number) => boolean, end: number): number | undefined {
  for (let address = 0; address < end; address++) if (fits(address)) return address;
  return undefined;
}
