/**
 * Tags: what travels with a packet beyond its three words, where a policy needs it (when it was
 * sent, by which path, what it met). A packet's tag lies beside the segment of the pool that holds
 * its record, at the same place, and goes with it from record to record.
 */
import { run } from "../memory/arena";
import { RECORD_BYTES, SEGMENT_BYTES, SEGMENT_SHIFT } from "../memory/chunks";
import { FULL } from "../memory/features";
import { Tag } from "../memory/structs/tag";

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

/**
 * Gives the packet at `to` the tag of the one at `from`; where that is 0, one that says nothing.
 */
export function passTag(from: u32, to: u32): void {
  const target = changetype<u32>(tagOf(to));
  if (from == 0) {
    changetype<Tag>(target).entropy = 0;
    return;
  }
  const source = changetype<u32>(tagOf(from));
  v128.store(target, v128.load(source));
  if (tagBytes > TAG_BYTES) copyWords(source + TAG_BYTES, target + TAG_BYTES, tagBytes - TAG_BYTES);
}

/** Gives the packet at `record` a tag that says when it was sent, and no more. */
export function clearTag(record: u32, sentPs: u64): void {
  const tag = tagOf(record);
  tag.sentPs = sentPs;
  tag.entropy = 0;
  tag.hopCount = 0;
}

/**
 * Copies `bytes`, a multiple of 8. Not memory.copy: that checks against the size that this thread
 * has last seen memory to have, and another thread may have made it grow since.
 */
export function copyWords(from: u32, to: u32, bytes: u32): void {
  for (let at: u32 = 0; at < bytes; at += 8) store<u64>(to + at, load<u64>(from + at));
}
