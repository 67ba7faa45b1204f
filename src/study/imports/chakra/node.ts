/** The messages of a Chakra trace (et_def.proto), as far as they are needed. */
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

export const NODE_TYPES = [
  "INVALID_NODE",
  "METADATA_NODE",
  "MEM_LOAD_NODE",
  "MEM_STORE_NODE",
  "COMP_NODE",
  "COMM_SEND_NODE",
  "COMM_RECV_NODE",
  "COMM_COLL_NODE",
] as const;

/** A value of an attribute; of lists nothing but those of truth values. */
export type AttributeValue = number | boolean | string | readonly boolean[];

export interface ChakraNode {
  readonly id: number;
  readonly name: string;
  /** A number of `NODE_TYPES`, if it is known. */
  readonly type: number;
  /** Nodes that must have ended. */
  readonly after: readonly number[];
  readonly durationMicros: number;
  /** Values of its inputs, a list as text. */
  readonly inputs: string;
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** What is wrong with a message: thrown, and caught by the reader of the file. */
export class MessageFault {
  constructor(readonly message: string) {}
}

/** @throws MessageFault, or an Error of the reader where the bytes are no message */
export function readNode(bytes: Uint8Array): ChakraNode {
  const reader = new BinaryReader(bytes);
  let [id, name, type, durationMicros, inputs] = [0, "", 0, 0, ""];
  const after: number[] = [];
  const attributes = new Map<string, AttributeValue>();
  while (reader.pos < bytes.length) {
    const [field, wire] = reader.tag();
    if (field === 1) id = whole(reader, wire, "id");
    else if (field === 2 && wire === WireType.LengthDelimited) name = reader.string();
    else if (field === 3 && wire === WireType.Varint) type = reader.int32();
    else if (field === 4 || field === 5) readNumbers(reader, wire, after);
    else if (field === 7) durationMicros = whole(reader, wire, "duration_micros");
    else if (field === 8 && wire === WireType.LengthDelimited) inputs = readInputs(reader);
    else if (field === 10 && wire === WireType.LengthDelimited) readAttribute(reader, attributes);
    else reader.skip(wire, field);
  }
  if (reader.pos > bytes.length) throw new MessageFault("a field goes beyond its message");
  return { id, name, type, after, durationMicros, inputs, attributes };
}

function readNumbers(reader: BinaryReader, wire: WireType, list: number[]): void {
  if (wire !== WireType.LengthDelimited) {
    list.push(whole(reader, wire, "a dependency"));
    return;
  }
  const end = endOf(reader);
  while (reader.pos < end) list.push(whole(reader, WireType.Varint, "a dependency"));
}

function readInputs(reader: BinaryReader): string {
  const end = endOf(reader);
  let values = "";
  while (reader.pos < end) {
    const [field, wire] = reader.tag();
    if (field === 1 && wire === WireType.LengthDelimited) values = reader.string();
    else reader.skip(wire, field);
  }
  return values;
}

/** The value may stand before the name. */
function readAttribute(reader: BinaryReader, attributes: Map<string, AttributeValue>): void {
  const end = endOf(reader);
  let name = "";
  let value: AttributeValue | undefined;
  while (reader.pos < end) {
    const [field, wire] = reader.tag();
    if (field === 1 && wire === WireType.LengthDelimited) name = reader.string();
    else {
      const read = readValue(reader, field, wire);
      if (read === undefined) reader.skip(wire, field);
      else value = read;
    }
  }
  if (reader.pos !== end) throw new MessageFault("an attribute goes beyond its message");
  if (value !== undefined) attributes.set(name, value);
}

/** Fields of the value by number: writers use any width. */
const SCALARS: Readonly<Record<number, readonly [WireType, (reader: BinaryReader) => AttributeValue]>> = {
  3: [WireType.Bit64, (reader) => reader.double()],
  5: [WireType.Bit32, (reader) => reader.float()],
  7: [WireType.Varint, (reader) => reader.int32()],
  9: [WireType.Varint, (reader) => Number(reader.int64())],
  11: [WireType.Varint, (reader) => reader.uint32()],
  13: [WireType.Varint, (reader) => Number(reader.uint64())],
  15: [WireType.Varint, (reader) => reader.sint32()],
  17: [WireType.Varint, (reader) => Number(reader.sint64())],
  19: [WireType.Bit32, (reader) => reader.fixed32()],
  21: [WireType.Bit64, (reader) => Number(reader.fixed64())],
  23: [WireType.Bit32, (reader) => reader.sfixed32()],
  25: [WireType.Bit64, (reader) => Number(reader.sfixed64())],
  27: [WireType.Varint, (reader) => reader.bool()],
  29: [WireType.LengthDelimited, (reader) => reader.string()],
  28: [WireType.LengthDelimited, readTruths],
};

function readValue(reader: BinaryReader, field: number, wire: WireType): AttributeValue | undefined {
  const row = SCALARS[field];
  return row === undefined || row[0] !== wire ? undefined : row[1](reader);
}

/** A BoolList. */
function readTruths(reader: BinaryReader): readonly boolean[] {
  const end = endOf(reader);
  const list: boolean[] = [];
  while (reader.pos < end) {
    const [field, wire] = reader.tag();
    if (field !== 1) reader.skip(wire, field);
    else if (wire === WireType.Varint) list.push(reader.bool());
    else {
      const last = endOf(reader);
      while (reader.pos < last) list.push(reader.bool());
    }
  }
  return list;
}

function endOf(reader: BinaryReader): number {
  const length = reader.uint32();
  if (reader.pos + length > reader.len) throw new MessageFault("a field goes beyond its message");
  return reader.pos + length;
}

/** A number from 0 that doubles hold. */
function whole(reader: BinaryReader, wire: WireType, what: string): number {
  if (wire !== WireType.Varint) throw new MessageFault(`${what} is no varint`);
  const value = Number(reader.uint64());
  if (value > Number.MAX_SAFE_INTEGER) throw new MessageFault(`${what} is ${value}, more than 2^53`);
  return value;
}
