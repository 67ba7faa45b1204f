/**
 * Typed access to the core's linear memory by the generated layout. The only place that knows how a
 * field is stored.
 */
import type { Field } from "./layout.js";

export class CoreMemory {
  #view: DataView;

  constructor(readonly memory: WebAssembly.Memory) {
    this.#view = new DataView(memory.buffer);
  }

  /** The current view; memory that grew has a new buffer. */
  get view(): DataView {
    if (this.#view.buffer !== this.memory.buffer) this.#view = new DataView(this.memory.buffer);
    return this.#view;
  }

  /** Writes an integer (up to 2^53) or double into a field of the record at `address`. */
  set(address: number, field: Field, value: number): void {
    const at = address + field.offset;
    const view = this.view;
    switch (field.type) {
      case "u8":
        view.setUint8(at, value);
        break;
      case "u16":
        view.setUint16(at, value, true);
        break;
      case "u32":
        view.setUint32(at, value, true);
        break;
      case "i32":
        view.setInt32(at, value, true);
        break;
      case "f64":
        view.setFloat64(at, value, true);
        break;
      default:
        // Two halves are much cheaper than a BigInt, and there are millions of these. Negative
        // values sign-extend.
        view.setUint32(at, value, true);
        view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
    }
  }

  /** Writes a time; Infinity as the core's "never". */
  setTime(address: number, field: Field, ps: number): void {
    if (ps === Number.POSITIVE_INFINITY) this.setNever(address, field);
    else this.set(address, field, ps);
  }

  /** Reads a field; 64-bit integers lose precision above 2^53. */
  get(address: number, field: Field): number {
    const at = address + field.offset;
    const view = this.view;
    switch (field.type) {
      case "u8":
        return view.getUint8(at);
      case "u16":
        return view.getUint16(at, true);
      case "u32":
        return view.getUint32(at, true);
      case "i32":
        return view.getInt32(at, true);
      case "f64":
        return view.getFloat64(at, true);
      case "i64":
        return view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
      default:
        return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
    }
  }

  /** Reads a 64-bit field in full. */
  getBig(address: number, field: Field): bigint {
    return this.view.getBigUint64(address + field.offset, true);
  }

  /** Writes an all-ones 64-bit field: the core's "never". */
  setNever(address: number, field: Field): void {
    this.view.setUint32(address + field.offset, 0xffffffff, true);
    this.view.setUint32(address + field.offset + 4, 0xffffffff, true);
  }

  setU32(address: number, value: number): void {
    this.view.setUint32(address, value, true);
  }
}
