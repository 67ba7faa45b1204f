/** Files of a trace: read as text, lines or bytes, up to a limit, and hashed. Node only. */
import { createHash, type Hash } from "node:crypto";
import { stat } from "node:fs/promises";
import { ScenarioError } from "../../../scenario/types/errors.js";
import { hashed, unreadable, within } from "../../flow-files/beside.js";
import { flowFileError } from "../../flow-files/flow-rows.js";
import { eachLine } from "../../flow-files/lines.js";

const HEAD_BYTES = 4096;

/** Where in a file something is wrong. */
export interface Position {
  /** From 1; in binary files left out. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** One file of a trace. */
export class SourceFile {
  private readonly hash = createHash("sha256");
  private isRead = false;

  private constructor(
    /** As messages show it. */
    readonly name: string,
    private readonly stream: (hash: Hash) => AsyncIterable<Uint8Array>,
    readonly byteLength: number,
  ) {}

  /**
   * @param name a path from the folder; the file must lie in it or below, wherever links lead
   * @throws ScenarioError where there is no such file
   */
  static async open(name: string, folder: string): Promise<SourceFile> {
    const path = await within(folder, name);
    const status = await stat(path).catch((cause: unknown) => {
      throw unreadable(name, cause);
    });
    if (!status.isFile()) throw flowFileError(name, "is no file");
    return new SourceFile(name, (hash) => hashed(path, name, hash), status.size);
  }

  /** A file whose content is at hand. */
  static of(name: string, content: string | Uint8Array): SourceFile {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const stream = async function* (hash: Hash) {
      hash.update(bytes);
      yield bytes;
    };
    return new SourceFile(name, stream, bytes.length);
  }

  /** Of the content, once it was read. */
  get digest(): string {
    if (!this.isRead) throw new Error(`${this.name} has not been read`);
    return this.hash.copy().digest("hex").slice(0, 16);
  }

  /** The bytes as they come. @throws ScenarioError where there are more than `limit` */
  async *bytes(limit: number): AsyncGenerator<Uint8Array> {
    if (this.byteLength > limit)
      this.fail(`is larger than ${limit / 2 ** 20} MiB, the most that is read of this format`);
    this.isRead = true;
    yield* this.stream(this.hash);
  }

  /** Its beginning, for a look at what it is. */
  async head(): Promise<Uint8Array> {
    for await (const chunk of this.stream(createHash("sha256"))) return chunk.subarray(0, HEAD_BYTES);
    return new Uint8Array(0);
  }

  /** Calls `take` with each line and its number, from 1. */
  lines(limit: number, take: (text: string, line: number) => void): Promise<void> {
    return eachLine(this.bytes(limit), this.name, take);
  }

  /** All of the text. @throws ScenarioError where it is not UTF-8 */
  async text(limit: number): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.bytes(limit)) chunks.push(chunk);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
    } catch {
      return this.fail("the file is not UTF-8 text");
    }
  }

  /** @throws ScenarioError that names the file and the place */
  fail(message: string, { line, column = 1 }: Position = {}): never {
    throw new ScenarioError([{ message, path: "", file: this.name, ...(line === undefined ? {} : { line, column }) }]);
  }
}
