import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Widths of integers that writers of traces use, by number of the field. */
export const WIDTHS = {
  int32: 7,
  int64: 9,
  uint32: 11,
  uint64: 13,
  sint32: 15,
  sint64: 17,
  fixed32: 19,
  fixed64: 21,
  sfixed32: 23,
  sfixed64: 25,
} as const;
export type Width = keyof typeof WIDTHS;

export interface WrittenNode {
  readonly id: number;
  readonly name?: string;
  readonly type: number;
  readonly data?: readonly number[];
  readonly ctrl?: readonly number[];
  readonly micros?: number;
  readonly inputs?: string;
  readonly attributes?: Readonly<Record<string, number | boolean | string | readonly boolean[]>>;
}

function attribute(name: string, value: unknown, width: Width): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string(name);
  if (typeof value === "boolean") return writer.tag(27, WireType.Varint).bool(value).finish();
  if (typeof value === "string") return writer.tag(29, WireType.LengthDelimited).string(value).finish();
  if (Array.isArray(value)) {
    writer.tag(28, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).fork();
    for (const each of value as boolean[]) writer.bool(each);
    return writer.join().join().finish();
  }
  const wire = width.endsWith("fixed32")
    ? WireType.Bit32
    : width.endsWith("fixed64")
      ? WireType.Bit64
      : WireType.Varint;
  writer.tag(WIDTHS[width], wire);
  if (width.endsWith("64")) (writer[width] as (value: bigint) => unknown).call(writer, BigInt(value as number));
  else (writer[width] as (value: number) => unknown).call(writer, value as number);
  return writer.finish();
}

function node(
  { id, name, type, data = [], ctrl = [], micros = 0, inputs, attributes = {} }: WrittenNode,
  width: Width,
) {
  const writer = new BinaryWriter();
  // Fields at their default are not written.
  if (id !== 0) writer.tag(1, WireType.Varint).uint64(id);
  if (name !== undefined) writer.tag(2, WireType.LengthDelimited).string(name);
  writer.tag(3, WireType.Varint).int32(type);
  for (const each of ctrl) writer.tag(4, WireType.Varint).uint64(each);
  if (data.length > 0) {
    writer.tag(5, WireType.LengthDelimited).fork();
    for (const each of data) writer.uint64(each);
    writer.join();
  }
  if (micros > 0) writer.tag(7, WireType.Varint).uint64(micros);
  if (inputs !== undefined) {
    writer.tag(8, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(inputs).join();
  }
  for (const [key, value] of Object.entries(attributes)) {
    writer.tag(10, WireType.LengthDelimited).bytes(attribute(key, value, width));
  }
  return writer.finish();
}

/** A trace of one rank. */
export function et(nodes: readonly WrittenNode[], { width = "int64" as Width, version = "0.0.4" } = {}): Uint8Array {
  const metadata = new BinaryWriter().tag(1, WireType.LengthDelimited).string(version).finish();
  const writer = new BinaryWriter();
  for (const message of [metadata, ...nodes.map((each) => node(each, width))]) writer.bytes(message);
  return writer.finish();
}
