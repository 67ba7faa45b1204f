/**
 * The reduction unit of a switch (MODEL.md §12). It counts contributions, keeps complete sums until
 * their release, and says what is to be sent. The switch sends it, packet by packet.
 */
import { NEVER } from "../engine/state";
import { run } from "../memory/arena";
import { advanceHead, freeChunk, nextSlot, takeChunk } from "../memory/chunks";
import { check, DEBUG } from "../memory/debug";
import { CompleteSum, PartialSum, ReductionChild, ReductionNode, ReductionUnit } from "../memory/structs/reduction";
import { Switch } from "../memory/structs/switch";
import { ACK, ADDRESS_MASK, DATA, firstWord, thirdWord, wordPair } from "../packet/packet";
import { PacketRecord, packetAt } from "../packet/record";
import { clearTag, tagBytes } from "../packet/tags";

const ROOT: u32 = u32.MAX_VALUE;

/** What is to be sent: the node, whether to its parent, and the packet. */
let node: ReductionNode = changetype<ReductionNode>(0);
let upward: bool = false;
let number: u32 = 0;
let wireBytes: u32 = 0;
/** The packet that `outgoing` has made last: this thread's own record of the pool, with a tag. */
let made: u32 = 0;


@inline
function unitOf(sw: Switch): ReductionUnit {
  const place = (changetype<u32>(sw) - run.switches) / offsetof<Switch>();
  return changetype<ReductionUnit>(run.reductionUnits + place * offsetof<ReductionUnit>());
}


@inline
function nodeAt(unit: ReductionUnit, place: u32): ReductionNode {
  return changetype<ReductionNode>(unit.nodes + place * offsetof<ReductionNode>());
}


@inline
function sumOf(node: ReductionNode, number: u32): PartialSum {
  return changetype<PartialSum>(node.sums + (number & node.sumMask) * offsetof<PartialSum>());
}

/** Takes a packet of an operation up. Returns how many packets are to be sent now. */
export function takeUp(sw: Switch, ingress: u32, packet: PacketRecord, nowPs: u64): u32 {
  const unit = unitOf(sw);
  const place = packet.word1 & ADDRESS_MASK;
  const at = nodeAt(unit, place);
  const packetNumber = packet.number;
  const bytes = packet.isData ? packet.wireBytes : 0;
  if (ingress == at.parentPort) return prepare(at, false, packetNumber, bytes);
  const sum = sumOf(at, packetNumber);
  if (DEBUG) check(sum.contributions < at.childCount, 40);
  if (bytes != 0) sum.wireBytes = bytes;
  if (++sum.contributions == at.childCount) complete(unit, place, packetNumber, nowPs);
  return 0;
}

/** The sum is to be released after the unit's latency. */
function complete(unit: ReductionUnit, place: u32, packetNumber: u32, nowPs: u64): void {
  const record = nextSlot(unit.lastSum);
  unit.lastSum = record;
  if (unit.sumCount++ == 0) unit.firstSum = record;
  const sum = changetype<CompleteSum>(record);
  sum.timePs = nowPs + unit.latencyPs;
  sum.node = place;
  sum.number = packetNumber;
}

/** When the switch releases its next sum. */
export function nextSumPs(sw: Switch): u64 {
  const unit = unitOf(sw);
  return unit.sumCount == 0 ? NEVER : changetype<CompleteSum>(unit.firstSum).timePs;
}

/** Releases a sum that is due at `nowPs`. Returns how many packets to send: 0 without one. */
export function releaseSum(sw: Switch, nowPs: u64): u32 {
  const unit = unitOf(sw);
  if (unit.sumCount == 0) return 0;
  const sum = changetype<CompleteSum>(unit.firstSum);
  if (sum.timePs != nowPs) return 0;
  const at = nodeAt(unit, sum.node);
  const packetNumber = sum.number;
  if (--unit.sumCount == 0) {
    freeChunk(unit.firstSum);
    unit.firstSum = 0;
    unit.lastSum = 0;
  } else {
    unit.firstSum = advanceHead(unit.firstSum);
  }
  const partial = sumOf(at, packetNumber);
  const bytes = partial.wireBytes;
  partial.contributions = 0;
  partial.wireBytes = 0;
  return prepare(at, at.parentPort != ROOT, packetNumber, bytes);
}

function prepare(at: ReductionNode, toParent: bool, packetNumber: u32, bytes: u32): u32 {
  node = at;
  upward = toParent;
  number = packetNumber;
  wireBytes = bytes;
  return toParent ? 1 : at.childCount;
}

/**
 * Packet `index` of those that are to be sent. In the place of the key it has the local port that
 * it leaves by. It is valid until the next call.
 */
export function outgoing(index: u32): PacketRecord {
  if (made == 0) made = takeChunk();
  const packet = packetAt(made);
  if (tagBytes != 0) clearTag(made, 0);
  if (upward) {
    write(packet, node.parentPort, node.parentAddress, node.flow, node.contributes != 0);
  } else {
    const child = changetype<ReductionChild>(node.children + index * offsetof<ReductionChild>());
    write(packet, child.port, child.address, child.flow, child.receives != 0);
  }
  return packet;
}

function write(packet: PacketRecord, port: u32, address: u32, flow: u32, full: bool): void {
  const size: u32 = full ? wireBytes : 0;
  if (DEBUG) check(!full || size != 0, 41);
  packet.write(port, firstWord(address, full ? DATA : ACK, size), wordPair(flow, thirdWord(number, size)));
}

/** Whether a sum waits for its release. */
export function holdsSum(sw: Switch): bool {
  return unitOf(sw).sumCount != 0;
}
