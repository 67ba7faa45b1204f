/** Writes what crosses chosen links as pcapng. */
import { InvalidArgumentError } from "commander";
import type { CapturedPacket, CaptureOptions } from "../../api/capture.js";
import { InputError } from "../support/failures.js";
import { checkWritable, writeWhole } from "../support/output.js";
import { experimentalFrame, Opcode, pfcFrame, roceFrame } from "./frames.js";
import { interfaceBlock, packetBlock, sectionHeader } from "./pcapng.js";

/** Bytes of frames that are kept; what comes later is left out. */
const MAX_BYTES = 256 * 2 ** 20;
/** Queue pairs 0 and 1 are not for data. */
const FIRST_QUEUE_PAIR = 16;
const ALL_CLASSES = [0, 1, 2, 3, 4, 5, 6, 7];

/** Names of links, e.g. `gpu-0 -> leaf-0,leaf-0 -> gpu-1`. Throws InvalidArgumentError. */
export function parseLinks(text: string): readonly string[] {
  const names = text.split(",").map((name) => name.trim().replace(/\s*->\s*/, " -> "));
  if (names.every((name) => name.includes(" -> "))) return [...new Set(names)];
  throw new InvalidArgumentError("Write directions of links, e.g. 'gpu-0 -> leaf-0,leaf-0 -> gpu-0'.");
}

export interface CaptureFile {
  readonly options: CaptureOptions;
  /** After the run. @throws InputError */
  write(): Promise<void>;
}

/** @throws InputError where the file cannot be written */
export async function captureTo(
  path: string,
  links: readonly string[],
  say: (text: string) => void,
): Promise<CaptureFile> {
  if (!path.toLowerCase().endsWith(".pcapng"))
    throw new InputError(`--pcap ${path}: write a name that ends in .pcapng`);
  await checkWritable(path);
  const packets: CapturedPacket[] = [];
  let bytes = 0;
  let leftOut = 0;
  const onPacket = (packet: CapturedPacket) => {
    bytes += packet.payloadBytes + 128;
    if (bytes <= MAX_BYTES) packets.push(packet);
    else leftOut++;
  };
  return {
    options: { links, onPacket },
    write: async () => {
      if (leftOut > 0) say(`the capture ends at 256 MiB; ${leftOut} later packets are not in it`);
      packets.sort((a, b) => a.startPs - b.startPs);
      const blocks = [sectionHeader(), ...links.map(interfaceBlock)];
      for (const packet of packets) blocks.push(packetBlock(packet.link, packet.startPs, frameOf(packet)));
      await writeWhole(path, Buffer.concat(blocks));
    },
  };
}

function frameOf(packet: CapturedPacket): Buffer {
  switch (packet.kind) {
    case "pause":
    case "resume":
      return pfcFrame(
        packet.port,
        packet.dataClass === 0xff ? ALL_CLASSES : [packet.dataClass],
        packet.kind === "pause",
      );
    case "credit":
    case "notice":
    case "grant":
      return experimentalFrame(packet.port);
    default:
      return roceFrame(roceOf(packet));
  }
}

function roceOf(packet: CapturedPacket) {
  const { flow, kind, number, isMarked, payloadBytes, srcNic, dstNic, connection } = packet;
  const isData = kind === "data" || kind === "trimmed";
  const [fromNic, toNic] = isData ? [srcNic, dstNic] : [dstNic, srcNic];
  const common = {
    fromNic,
    toNic,
    queuePair: FIRST_QUEUE_PAIR + flow,
    udpPort: 0xc000 | (connection & 0x3fff),
  };
  if (kind === "cnp") return { ...common, opcode: Opcode.Cnp, psn: 0, ecn: 0, body: new Uint8Array(16) };
  if (!isData) {
    // An ACK names the last packet that it acknowledges, a NACK the one that is missing.
    const psn = kind === "ack" ? (number - 1) & 0xffffff : number;
    const body = Uint8Array.from([kind === "ack" ? 0x1f : 0x60, (psn >> 16) & 0xff, (psn >> 8) & 0xff, psn & 0xff]);
    return { ...common, opcode: Opcode.Ack, psn, ecn: 0, body };
  }
  const opcode = opcodeOf(packet.place, packet.packetsPerChunk);
  return { ...common, opcode, psn: number, ecn: isMarked ? 3 : 2, body: new Uint8Array(payloadBytes) };
}

function opcodeOf(place: number, perChunk: number): number {
  if (perChunk === 1) return Opcode.SendOnly;
  if (place === 0) return Opcode.SendFirst;
  return place === perChunk - 1 ? Opcode.SendLast : Opcode.SendMiddle;
}
