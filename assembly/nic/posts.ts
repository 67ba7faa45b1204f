/**
 * Work given to a NIC for a later instant: flows with a start time, and chunks that a delivery has
 * allowed. The latter wait in a queue in order of time, those of one instant in the order in which
 * they were triggered.
 */
import { senderAt } from "../engine/queue-pairs";
import { advanceHead, CHUNK_MASK, freeChunk, nextRecord, nextSlot } from "../memory/chunks";
import { Nic, Post, Start } from "../memory/structs/nic";
import { QpEvent } from "../memory/structs/watch";
import { isMember, reducing } from "../reduction/members";
import { firstPostPs, updateNextEvent, START_BYTES } from "./agenda";
import { allowedChunks } from "./allowed-chunks";
import { goOn } from "./ready";
import { tellQp, updateSendable } from "./sender";

/** Whether a start or post is left; of a flow that was allowed nothing when it started, none is. */
export function anyPost(nic: Nic): bool {
  if (nic.nextStart < nic.endStarts || nic.postCount != 0) return true;
  for (let at = nic.nextFirstPost; at < nic.endStarts; at += START_BYTES) {
    if (changetype<Start>(at).chunks != 0) return true;
  }
  return false;
}

/**
 * Plays the next start or post, which is due at `nowPs`: starts, then first posts, then posts by
 * dependency.
 */
export function playPost(nic: Nic, nowPs: u64): void {
  if (nic.nextStart < nic.endStarts && changetype<Start>(nic.nextStart).timePs == nowPs) {
    beginFlow(changetype<Start>(nic.nextStart));
    nic.nextStart += START_BYTES;
  } else if (firstPostPs(nic) == nowPs) {
    const start = changetype<Start>(nic.nextFirstPost);
    nic.nextFirstPost += START_BYTES;
    if (start.chunks != 0) postChunks(nic, start.flow, start.chunks, nowPs);
  } else {
    const post = changetype<Post>(nic.postHead);
    const flow = post.flow;
    const chunks = post.chunks;
    dropFirst(nic);
    postChunks(nic, flow, chunks, nowPs);
  }
  updateNextEvent(nic);
}

/** Takes the first post that waits out of the queue. */
function dropFirst(nic: Nic): void {
  if (--nic.postCount == 0) {
    freeChunk(nic.postHead & ~CHUNK_MASK);
    nic.postTail = 0;
  } else {
    nic.postHead = advanceHead(nic.postHead);
  }
}

/** What a flow waits for at one NIC it waits for at another from now on. */
export function movePosts(from: Nic, to: Nic, flow: u32): void {
  for (let at = from.nextFirstPost; at < min(from.nextStart, from.endStarts); at += START_BYTES) {
    const start = changetype<Start>(at);
    if (start.flow != flow || start.chunks == 0) continue;
    schedulePost(to, flow, start.chunks, start.timePs + from.latencyPs);
    start.chunks = 0;
  }
  for (let left = from.postCount; left != 0; left--) {
    const first = changetype<Post>(from.postHead);
    const timePs = first.timePs;
    const other = first.flow;
    const chunks = first.chunks;
    dropFirst(from);
    if (other == flow) schedulePost(to, flow, chunks, timePs);
    else append(from, timePs, other, chunks);
  }
}

/** Puts a post behind all others, none of which is later. */
function append(nic: Nic, timePs: u64, flow: u32, chunks: u32): void {
  const record = nextSlot(nic.postTail);
  nic.postTail = record;
  if (nic.postCount++ == 0) nic.postHead = record;
  writePost(record, timePs, flow, chunks);
}

/** Posts chunks of a flow at a later instant. */
export function schedulePost(nic: Nic, flow: u32, chunks: u32, timePs: u64): void {
  const last = nic.postTail;
  const record = nextSlot(last);
  nic.postTail = record;
  if (nic.postCount++ == 0) nic.postHead = record;
  const isLast = nic.postCount == 1 || changetype<Post>(last).timePs <= timePs;
  writePost(isLast ? record : makeRoom(nic, timePs), timePs, flow, chunks);
  if (timePs < nic.nextEventPs) nic.nextEventPs = timePs;
}

/**
 * Moves all posts later than `timePs` one record on, up to the last record, which is free. Returns
 * the record that becomes free. Flows of a NIC with unequal delays make this necessary.
 */
function makeRoom(nic: Nic, timePs: u64): u32 {
  let record = nic.postHead;
  while (changetype<Post>(record).timePs <= timePs) record = nextRecord(record);
  const free = record;
  const post = changetype<Post>(record);
  let laterPs = post.timePs;
  let flow = post.flow;
  let chunks = post.chunks;
  while (record != nic.postTail) {
    record = nextRecord(record);
    const next = changetype<Post>(record);
    const nextPs = next.timePs;
    const nextFlow = next.flow;
    const nextChunks = next.chunks;
    writePost(record, laterPs, flow, chunks);
    laterPs = nextPs;
    flow = nextFlow;
    chunks = nextChunks;
  }
  return free;
}

function writePost(record: u32, timePs: u64, flow: u32, chunks: u32): void {
  const post = changetype<Post>(record);
  post.timePs = timePs;
  post.flow = flow;
  post.chunks = chunks;
}

/** The packets of these chunks of a flow become sendable. */
export function postChunks(nic: Nic, flow: u32, chunks: u32, nowPs: u64): void {
  const sender = senderAt(flow);
  sender.posted += chunks * sender.packetsPerChunk;
  if (reducing && isMember(flow)) goOn(nic, flow, sender, nowPs);
  else updateSendable(nic, sender);
  tellQp(flow, sender, QpEvent.Posted, nowPs);
}

function beginFlow(start: Start): void {
  const sender = senderAt(start.flow);
  sender.started = 1;
  start.chunks = allowedChunks(sender);
  sender.scheduled = start.chunks;
}
