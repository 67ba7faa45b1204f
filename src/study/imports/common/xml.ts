/** XML of untrusted files: elements as they come, with their places. No DTD, so no entities. */
import { SaxesParser } from "saxes";
import type { SourceFile } from "./source.js";

const MAX_ELEMENTS = 2 ** 22;
const MAX_ATTRIBUTES = 256;
const DEEPEST = 64;
/** Characters of a tag: the reader would otherwise collect without an end. */
const LONGEST_TAG = 2 ** 16;
const LONGEST_CONTENT = 2 ** 16;

/** A start tag. */
export class XmlElement {
  constructor(
    readonly file: SourceFile,
    readonly name: string,
    readonly attributes: Readonly<Record<string, string>>,
    readonly line: number,
    readonly column: number,
  ) {}

  fail(message: string): never {
    return this.file.fail(`<${this.name}>: ${message}`, this);
  }

  /** Text of an attribute; undefined where it is not there. */
  text(name: string): string | undefined {
    return Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined;
  }

  /** Text of an attribute that must be there. */
  needed(name: string): string {
    return this.text(name) ?? this.fail(`the attribute ${name} is missing`);
  }

  /** A whole number; `otherwise` where it is not there. */
  whole(name: string, least: number, most: number, otherwise?: number): number {
    const text = this.text(name);
    if (text === undefined && otherwise !== undefined) return otherwise;
    const value = /^\s*-?\d{1,16}\s*$/.test(text ?? this.needed(name)) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    return this.fail(`${name} is ${shown(text!)}; write a whole number from ${least} to ${most}`);
  }

  /** A number, decimals allowed; `otherwise` where it is not there. */
  real(name: string, least: number, most: number, otherwise?: number): number {
    const text = this.text(name);
    if (text === undefined && otherwise !== undefined) return otherwise;
    const value = /^\s*-?\d{1,16}(\.\d{1,16})?\s*$/.test(text ?? this.needed(name)) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    return this.fail(`${name} is ${shown(text!)}; write a number from ${least} to ${most}`);
  }

  /** One of some words; `otherwise` where it is not there. */
  choice<const T extends string>(name: string, words: readonly T[], otherwise?: T): T {
    const text = this.text(name);
    if (text === undefined && otherwise !== undefined) return otherwise;
    const word = words.find((each) => each === (text ?? this.needed(name)));
    return word ?? this.fail(`${name} is ${shown(text!)}; supported: ${words.join(", ")}`);
  }

  /** @throws where there is an attribute that is not one of these */
  knownOnly(names: readonly string[]): void {
    const strange = Object.keys(this.attributes).find((name) => !names.includes(name));
    if (strange !== undefined) this.fail(`there is no attribute ${shown(strange)}; known: ${names.join(", ")}`);
  }
}

export interface XmlVisitor {
  open(element: XmlElement, parents: readonly XmlElement[]): void;
  /** @param content the text in it, without that of elements in it; "" unless `hasText` */
  close?(element: XmlElement, parents: readonly XmlElement[], content: string): void;
  /** Elements may hold text. Otherwise it is refused. */
  readonly hasText?: true;
}

/**
 * Reads a file as a stream.
 * @param limit bytes of it
 * @throws ScenarioError where it is no XML, has a DTD, or is deeper or larger than it may be
 */
export async function readXml(file: SourceFile, limit: number, visitor: XmlVisitor): Promise<void> {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const at = () => ({ line: parser.line, column: parser.column + 1 });
  const parents: XmlElement[] = [];
  const contents: string[] = [];
  let start = at();
  let elements = 0;
  let sinceEvent = 0;
  parser.on("error", (error) => {
    file.fail(`not well-formed XML: ${error.message.replace(/^\d+:\d+: /, "")}`, at());
  });
  parser.on("doctype", () => file.fail("has a DTD; take it out: entities are not read", at()));
  parser.on("opentagstart", ({ name }) => {
    // The reader is one character behind the name: at a line's end, the tag began before.
    const { line, column } = at();
    start = { line, column: Math.max(1, column - name.length - 2) };
  });
  parser.on("opentag", ({ name, attributes }) => {
    sinceEvent = 0;
    if (++elements > MAX_ELEMENTS) file.fail(`more than ${MAX_ELEMENTS} elements`, at());
    if (parents.length >= DEEPEST) file.fail(`elements more than ${DEEPEST} deep`, at());
    if (Object.keys(attributes).length > MAX_ATTRIBUTES) file.fail(`more than ${MAX_ATTRIBUTES} attributes`, at());
    const element = new XmlElement(file, name, attributes, start.line, start.column);
    visitor.open(element, parents);
    parents.push(element);
    contents.push("");
  });
  parser.on("closetag", () => {
    sinceEvent = 0;
    const element = parents.pop()!;
    visitor.close?.(element, parents, contents.pop()!.trim());
  });
  const addText = (text: string) => {
    sinceEvent = 0;
    const before = contents.at(-1);
    // Between elements there is space, however much of it.
    if (text.trim() === "" && (before === undefined || before === "")) return;
    if (before === undefined || visitor.hasText !== true) {
      file.fail(`text between elements: ${shown(text.trim())}`, at());
    }
    contents[contents.length - 1] = before + text;
    if (before.length + text.length > LONGEST_CONTENT) {
      file.fail(`the text of <${parents.at(-1)!.name}> is longer than ${LONGEST_CONTENT} characters`, at());
    }
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("comment", () => {
    sinceEvent = 0;
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      return file.fail("the file is not UTF-8 text", at());
    }
  };
  for await (const chunk of file.bytes(limit)) {
    const text = decode(chunk);
    for (let from = 0; from < text.length; from += LONGEST_TAG) {
      sinceEvent++;
      parser.write(text.slice(from, from + LONGEST_TAG));
      if (sinceEvent > 2) file.fail(`a tag or comment is longer than ${LONGEST_TAG} characters`, at());
    }
  }
  parser.write(decode());
  parser.close();
  if (elements === 0) file.fail("the file is empty; it should be XML");
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
