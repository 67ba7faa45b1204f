/**
 * Packets of a simulation as frames of Ethernet: RoCEv2 (InfiniBand architecture, annexes A16 and
 * A17) and PFC (IEEE 802.1Qbb). Payload is zeros. Frame check sequences are left out, as usual.
 */

/** A RoCEv2 packet. */
export interface RocePacket {
  /** Numbers of NICs: addresses follow from them. */
  readonly fromNic: number;
  readonly toNic: number;
  readonly udpPort: number;
  readonly opcode: number;
  readonly queuePair: number;
  readonly psn: number;
  /** Two bits of the IP header: 2 for ECT(0), 3 for a congestion mark, 0 for none. */
  readonly ecn: number;
  /** What follows the base transport header, padding left out. */
  readonly body: Uint8Array;
}

export const Opcode = { SendFirst: 0x00, SendMiddle: 0x01, SendLast: 0x02, SendOnly: 0x04, Ack: 0x11, Cnp: 0x81 };
const ROCE_PORT = 4791;

const [ETHERNET, IP, UDP, BTH, ICRC] = [14, 20, 8, 12, 4];
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => crcOf(byte));
const MIN_FRAME = 60;
/** In place of the local route header, and of what routers may change, the check has ones. */
const ONES_BYTES = 8;

export function roceFrame(packet: RocePacket): Buffer {
  const { body } = packet;
  const pad = (4 - (body.length % 4)) % 4;
  const udpLength = UDP + BTH + body.length + pad + ICRC;
  const frame = Buffer.alloc(ETHERNET + IP + udpLength);
  ethernet(frame, mac(packet.toNic), mac(packet.fromNic), 0x0800);
  const ip = frame.subarray(ETHERNET);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt8(packet.ecn, 1);
  ip.writeUInt16BE(IP + udpLength, 2);
  // Not to be fragmented.
  ip.writeUInt16BE(0x4000, 6);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(17, 9);
  ip.writeUInt32BE(address(packet.fromNic), 12);
  ip.writeUInt32BE(address(packet.toNic), 16);
  ip.writeUInt16BE(ipChecksum(ip.subarray(0, IP)), 10);
  const udp = ip.subarray(IP);
  udp.writeUInt16BE(packet.udpPort, 0);
  udp.writeUInt16BE(ROCE_PORT, 2);
  udp.writeUInt16BE(udpLength, 4);
  const bth = udp.subarray(UDP);
  bth.writeUInt8(packet.opcode, 0);
  // Version 0, migrated, and the count of bytes of padding.
  bth.writeUInt8(0x40 | (pad << 4), 1);
  bth.writeUInt16BE(0xffff, 2);
  bth.writeUInt32BE(packet.queuePair & 0xffffff, 4);
  if (packet.opcode === Opcode.Cnp) bth.writeUInt8(0x40, 4);
  bth.writeUInt32BE(packet.psn & 0xffffff, 8);
  bth.set(body, BTH);
  frame.writeUInt32LE(invariantCrc(ip), frame.length - ICRC);
  return atLeast(frame);
}

/** The invariant CRC of an IP packet whose last four bytes are its place. */
export function invariantCrc(ip: Uint8Array): number {
  const covered = Buffer.alloc(ONES_BYTES + ip.length - ICRC, 0xff);
  covered.set(ip.subarray(0, ip.length - ICRC), ONES_BYTES);
  const masked = covered.subarray(ONES_BYTES);
  // Type of service, time to live, and both checksums; then FECN, BECN and what is reserved.
  for (const at of [1, 8, 10, 11, IP + 6, IP + 7, IP + UDP + 4]) masked[at] = 0xff;
  return crc32(covered);
}

/** A PFC frame: pauses the priorities, or lets them go on. */
export function pfcFrame(fromPort: number, priorities: readonly number[], isPause: boolean): Buffer {
  const frame = Buffer.alloc(MIN_FRAME);
  ethernet(frame, Buffer.from([0x01, 0x80, 0xc2, 0x00, 0x00, 0x01]), mac(0x40000000 + fromPort), 0x8808);
  frame.writeUInt16BE(0x0101, 14);
  frame.writeUInt16BE(
    priorities.reduce((bits, priority) => bits | (1 << priority), 0),
    16,
  );
  for (const priority of priorities) frame.writeUInt16BE(isPause ? 0xffff : 0, 18 + 2 * priority);
  return frame;
}

/** What no standard format is known for here: a frame of IEEE's local experimental type. */
export function experimentalFrame(fromPort: number): Buffer {
  const frame = Buffer.alloc(MIN_FRAME);
  ethernet(frame, mac(0x40000000), mac(0x40000000 + fromPort), 0x88b5);
  return frame;
}

/** CRC-32 of Ethernet. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function crcOf(byte: number): number {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
}

function ethernet(frame: Buffer, to: Uint8Array, from: Uint8Array, type: number): void {
  frame.set(to, 0);
  frame.set(from, 6);
  frame.writeUInt16BE(type, 12);
}

/** Short frames are padded. */
function atLeast(frame: Buffer): Buffer {
  return frame.length >= MIN_FRAME ? frame : Buffer.concat([frame, Buffer.alloc(MIN_FRAME - frame.length)]);
}

/** A locally administered address. */
function mac(number: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt8(0x02, 0);
  bytes.writeUInt32BE(number, 2);
  return bytes;
}

/** NIC 0 is 10.0.0.1. */
function address(nic: number): number {
  return 0x0a000001 + nic;
}

function ipChecksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
