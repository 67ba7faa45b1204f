/**
 * Tags: what travels with a packet beyond its three words, where a policy needs it (when it was
 * sent, by which path, what it met). A packet's tag lies beside the segment of the pool that holds
 * its record, at the same place. It moves with the packet from record to record.
 */
import { run } from "../memory/arena";
import { RECORD_BYTES, SEGMENT_BYTES, SEGMENT_SHIFT } from "../memory/chunks";
import { FULL } from "../memory/features";
import { Tag } from "../memory/structs/tag";
import { ENTROPY_BITS } from "./packet";

const TAG_BYTES: u32 = offsetof<Tag>();

/** Bytes of a tag; 0 in runs without. */
export let tagBytes: u32 = 0;

export function loadTagParameters(): void {
  if (FULL) tagBytes = run.tagBytes;
}

/** The tag of the packet whose record is at `record`. */
@inline
export function tagOf(record: u32): Tag {
  const base = load<u32>(run.tagTable + (record >> SEGMENT_SHIFT) * 4);
  return changetype<Tag>(base + ((record & (SEGMENT_BYTES - 1)) / RECORD_BYTES) * tagBytes);
}

const ENTROPY_MASK: u32 = (1 << ENTROPY_BITS) - 1;


@inline
export function stampOf(sentPs: u64, entropy: u32): u64 {
  return (sentPs << (<u64>ENTROPY_BITS)) | entropy;
}


@inline
export function entropyIn(tag: Tag): u32 {
  return (<u32>tag.stamp) & ENTROPY_MASK;
}

/** How long ago the packet with this tag was sent. */
@inline
export function sinceSentPs(tag: Tag, nowPs: u64): u64 {
  return ((nowPs << (<u64>ENTROPY_BITS)) - (tag.stamp & ~(<u64>ENTROPY_MASK))) >> (<u64>ENTROPY_BITS);
}

/**
 * Gives the packet at `to` the tag of the one at `from`; where that is 0, one that says nothing: no
 * packets lie in the first segment, and its tags would lie at 0, where memory is 0.
 */
@inline
export function passTag(from: u32, to: u32): void {
  const source = tagOf(from);
  const target = tagOf(to);
  target.stamp = source.stamp;
  if (tagBytes > TAG_BYTES) passRest(changetype<u32>(source), changetype<u32>(target));
}

/** What tags have beside the stamp. */
function passRest(source: u32, target: u32): void {
  copyWords(source + TAG_BYTES, target + TAG_BYTES, tagBytes - TAG_BYTES);
}

/** Gives the packet at `record` a tag that says when it was sent, and no more. */
export function clearTag(record: u32, sentPs: u64): void {
  const tag = tagOf(record);
  tag.stamp = stampOf(sentPs, 0);
  // The first word of what some tags have besides counts their hops, or is their credit.
  if (tagBytes > TAG_BYTES) store<u64>(changetype<u32>(tag) + TAG_BYTES, 0);
}

/**
 * Copies `bytes`, a multiple of 8. Not memory.copy: that checks against the size that this thread
 * has last seen memory to have, and another thread may have made it grow since.
 */
export function copyWords(from: u32, to: u32, bytes: u32): void {
  for (let at: u32 = 0; at < bytes; at += 8) store<u64>(to + at, load<u64>(from + at));
}
