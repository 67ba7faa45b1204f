/** XML as events, with limits: entities of a document type are not expanded. */
import { SaxesParser } from "saxes";
import type { Position, SourceFile } from "./source.js";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly at: Position;
}

export interface XmlHandler {
  open(element: XmlElement): void;
  /** @param content the text inside of it, without that of elements in it */
  close(element: XmlElement, content: string): void;
}

const LARGEST_FILE = 2 ** 28;
const DEEPEST = 64;
const LONGEST_CONTENT = 2 ** 16;

/**
 * Reads a file of XML.
 * @throws ScenarioError with file, line and column where it is not well-formed, or too deep
 */
export async function readXml(file: SourceFile, handler: XmlHandler): Promise<void> {
  const parser = new SaxesParser();
  const stack: { element: XmlElement; content: string }[] = [];
  const here = (): Position => ({ line: parser.line, column: parser.columnIndex + 1 });
  parser.on("error", ({ message }) => {
    file.fail(`not XML: ${message.replace(/^(?:[^:]*:)?\d+:\d+: /, "").slice(0, 200)}`, here());
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (stack.length === DEEPEST) file.fail(`elements lie more than ${DEEPEST} deep in each other`, here());
    const element = { name: name.slice(name.indexOf(":") + 1), attributes, at: here() };
    stack.push({ element, content: "" });
    handler.open(element);
  });
  const addText = (text: string) => {
    const top = stack.at(-1);
    // Between elements there is space, however much of it.
    if (top === undefined || (top.content === "" && text.trim() === "")) return;
    top.content += text;
    if (top.content.length > LONGEST_CONTENT) {
      file.fail(`the text of <${top.element.name}> is longer than ${LONGEST_CONTENT} characters`, here());
    }
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const { element, content } = stack.pop()!;
    handler.close(element, content.trim());
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      return file.fail("the file is not UTF-8 text", here());
    }
  };
  for await (const chunk of file.bytes(LARGEST_FILE)) parser.write(decode(chunk));
  parser.write(decode());
  parser.close();
}
