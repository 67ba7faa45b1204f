/**
 * What ports that are played alone take off accounts that are looked at event by event: time and
 * port of each release, its account and bytes. Ports write theirs one after the other, so releases
 * are sorted before they are read, into the order in which ends of transmission are handled.
 */
import { unsorted } from "../engine/inbox";
import { PORT_MASK } from "../engine/key";
import { carve } from "../engine/scratch";
import { windowPs } from "../engine/state";
import { run, trap } from "../memory/arena";
import { hasBit } from "../memory/bitmap";
import { Port } from "../memory/structs/port";
import { TrapCode } from "../memory/structs/run";
import { ports } from "./here";
import { END_PORT_BITS, endKey } from "./ends";

const BYTES_BITS: u32 = 20;
const BUCKETS: u32 = 256;
/** Up to this number is sorted by insertion. */
const FEW: u32 = 24;

/** Accounts whose releases are written down, a bit each. */
export let watched: u32 = 0;
/** Each release: its end key in the high half, account and bytes in the low half. */
export let releases: u32 = 0;
export let releasesEnd: u32 = 0;
let buckets: u32 = 0;

export function startLedger(): void {
  watched = carve((PORT_MASK + 1) >> 3);
  releases = carve(run.scratchEntries * 8);
  buckets = carve(4 * (BUCKETS + 1));
}

/** Begins a ledger for the accounts in `watched`. */
export function openLedger(): void {
  releasesEnd = releases;
}


@inline
export function isWatched(account: u32): bool {
  return hasBit(watched, account);
}

/** Writes down that a port's transmission, which ends at `endPs`, releases bytes of an account. */
export function record(port: Port, endPs: u64, account: u32, bytes: u32): void {
  const at = releasesEnd;
  if (at == releases + run.scratchEntries * 8) trap(TrapCode.ScratchOverflow);
  const local = (changetype<u32>(port) - ports) / offsetof<Port>();
  store<u64>(at, ((<u64>endKey(endPs, local)) << 32) | (account << BYTES_BITS) | bytes);
  releasesEnd = at + 8;
}


@inline
export function keyOfRelease(release: u64): u32 {
  return <u32>(release >> 32);
}


@inline
export function accountOfRelease(release: u64): u32 {
  return (<u32>release) >> BYTES_BITS;
}


@inline
export function bytesOfRelease(release: u64): u32 {
  return (<u32>release) & ((1 << BYTES_BITS) - 1);
}

/** Sorts the releases by their keys. */
export function sortReleases(): void {
  if (releasesEnd - releases > FEW * 8) spread();
  for (let at = releases + 8; at < releasesEnd; at += 8) {
    const value = load<u64>(at);
    let hole = at;
    while (hole > releases && load<u64>(hole - 8) > value) {
      store<u64>(hole, load<u64>(hole - 8));
      hole -= 8;
    }
    store<u64>(hole, value);
  }
}

/** Counting sort by time, roughly. */
function spread(): void {
  const keyBits: u32 = 32 - clz((windowPs << END_PORT_BITS) - 1);
  const shift: u32 = 32 + keyBits - ctz(BUCKETS);
  memory.fill(buckets, 0, 4 * (BUCKETS + 1));
  for (let at = releases; at < releasesEnd; at += 8) {
    const value = load<u64>(at);
    store<u64>(unsorted + (at - releases), value);
    const bucket = buckets + <u32>(value >> shift) * 4;
    store<u32>(bucket, load<u32>(bucket, 4) + 1, 4);
  }
  let total: u32 = 0;
  for (let bucket = buckets + 4, end = buckets + 4 * BUCKETS; bucket <= end; bucket += 4) {
    total += load<u32>(bucket);
    store<u32>(bucket, total);
  }
  for (let from = unsorted, end = unsorted + (releasesEnd - releases); from < end; from += 8) {
    const value = load<u64>(from);
    const bucket = buckets + <u32>(value >> shift) * 4;
    const place = load<u32>(bucket);
    store<u32>(bucket, place + 1);
    store<u64>(releases + place * 8, value);
  }
}
