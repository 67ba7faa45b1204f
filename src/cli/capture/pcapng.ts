/** Files of pcapng (draft-ietf-opsawg-pcapng), whose times are in picoseconds. */
const [SECTION, INTERFACE, PACKET] = [0x0a0d0d0a, 1, 6];
const ETHERNET = 1;
const [OPTION_NAME, OPTION_RESOLUTION] = [2, 9];

export function sectionHeader(): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(0x1a2b3c4d, 0);
  body.writeUInt16LE(1, 4);
  // The length of the section is not known.
  body.writeBigInt64LE(-1n, 8);
  return block(SECTION, body);
}

export function interfaceBlock(name: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(ETHERNET, 0);
  const resolution = option(OPTION_RESOLUTION, Buffer.from([12]));
  return block(INTERFACE, Buffer.concat([head, option(OPTION_NAME, Buffer.from(name)), resolution, Buffer.alloc(4)]));
}

/** A frame whose transmission over the `link`-th interface begins at `timePs`. */
export function packetBlock(link: number, timePs: number, frame: Uint8Array): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(link, 0);
  head.writeUInt32LE(Math.floor(timePs / 2 ** 32), 4);
  head.writeUInt32LE(timePs % 2 ** 32, 8);
  head.writeUInt32LE(frame.length, 12);
  head.writeUInt32LE(frame.length, 16);
  return block(PACKET, Buffer.concat([head, frame]));
}

function option(code: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return padded(Buffer.concat([head, value]));
}

function block(type: number, body: Buffer): Buffer {
  const content = padded(body);
  const length = content.length + 12;
  const [head, tail] = [Buffer.alloc(8), Buffer.alloc(4)];
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  tail.writeUInt32LE(length, 0);
  return Buffer.concat([head, content, tail]);
}

function padded(bytes: Buffer): Buffer {
  const pad = (4 - (bytes.length % 4)) % 4;
  return pad === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(pad)]);
}
