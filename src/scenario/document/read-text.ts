/** YAML (and so JSON) text to a document. */

import { Composer, type Document, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from "yaml";
import type { Path } from "../../util/document-path.js";
import type { ScenarioIssue } from "../../util/issue.js";
import { MAX_ISSUES } from "../../util/issue.js";
import { IssueList } from "./issues.js";
import { LateOrigin } from "./late-origin.js";
import { DEEPEST_NESTING, LARGE_TEXT, LARGEST_TEXT, MAX_COPIES, MAX_NODES, SHORTER } from "./limits.js";
import { type DocNode, DocumentError, type Entry, keyFault, type Origin, type Scalar } from "./node.js";
import { placesOf } from "./places.js";
import { readJson } from "./read-json.js";
import { readLarge } from "./read-large.js";
import { type Fold, foldedText, regularRows } from "./regular-rows.js";

/** Characters from which on quicker ways are tried. */
const LARGE = 32 * 1024;

type YamlNode = NonNullable<Document["contents"]>;

export type ReadResult = { readonly root: DocNode } | { readonly issues: readonly ScenarioIssue[] };

/** How the places of a text are named: by line and column, or by where the whole text came from. */
export type OriginOf = (line: number, column: number) => Origin;

/**
 * Reads one document. Never throws: what is wrong with the text comes back as issues.
 * @param isPart the document becomes a part of another: its places name its file
 */
export function readText(text: string, file: string | undefined, isPart = false): ReadResult {
  const issues = new IssueList(file);
  const part = isPart && file !== undefined ? { file } : {};
  try {
    const originOf = (line: number, column: number): Origin => ({ from: "text", line, column, ...part });
    const root = readDocument(text, originOf, issues, text.length >= LARGE);
    if (issues.isEmpty && root !== null) return { root };
    if (issues.isEmpty) issues.add("the document is empty; a scenario needs at least topology and workload", [], null);
  } catch (cause) {
    if (!(cause instanceof DocumentError)) throw cause;
    issues.add(cause.message, cause.path, cause.origin);
  }
  return { issues: issues.list() };
}

/**
 * The document of a text, or null where it is empty. Syntax errors go to `issues`.
 * @param isLarge tries quicker ways first; its places must be in the text
 * @throws DocumentError at the first fault that ends reading.
 */
export function readDocument(text: string, originOf: OriginOf, issues: IssueList, isLarge = false): DocNode | null {
  if (text.length > LARGEST_TEXT) {
    throw new DocumentError(
      `the text has ${text.length} characters; at most ${LARGEST_TEXT} are read: ${SHORTER}`,
      originOf(1, 1),
      [],
    );
  }
  const places = placesOf(text);
  const at = (offset: number): Origin => {
    const { line, column } = places.at(offset);
    return originOf(line, column);
  };
  const byParser = (found: IssueList) =>
    text.length > LARGE_TEXT ? readLarge(text, at) : readYaml(text, [], at, found);
  if (!isLarge) return byParser(issues);
  const json = readJson(text, () => byParser(new IssueList(undefined)));
  return json ?? readByRows(text, at) ?? byParser(issues);
}

/** The document, most rows of its lists read by themselves; null where that shows any fault. */
function readByRows(text: string, at: (offset: number) => Origin): DocNode | null {
  const folds = regularRows(text);
  if (folds.length === 0 || foldedText(text, folds).text.length > LARGE_TEXT) return null;
  const issues = new IssueList(undefined);
  try {
    const root = readYaml(text, folds, at, issues);
    return issues.isEmpty ? root : null;
  } catch (cause) {
    if (cause instanceof NoRows || cause instanceof DocumentError) return null;
    throw cause;
  }
}

/** What looked like rows of a list is something else. */
class NoRows extends Error {}

/** Folds hold what the YAML reader need not look at. @throws NoRows */
function readYaml(
  text: string,
  folds: readonly Fold[],
  placeOf: (offset: number) => Origin,
  issues: IssueList,
): DocNode | null {
  const folded = foldedText(text, folds);
  const at = (offset: number) => placeOf(folded.offsetOf(offset));
  const faults: SyntaxFault[] = [];
  const [document, second] = compose(folded.text, at, faults);
  for (const { offset, message } of faults) issues.add(`not valid YAML: ${lowerFirst(message)}`, [], at(offset));
  if (document === undefined) return null;
  if (second !== undefined) {
    throw new DocumentError("the text holds several documents; write one (no second ---)", at(second.range[0]), []);
  }
  for (const fault of [...document.errors, ...document.warnings]) {
    issues.add(`not valid YAML: ${lowerFirst(fault.message)}`, [], at(fault.pos[0]));
  }
  if (faults.length > 0 || document.errors.length > 0 || document.contents === null) return null;
  const converter = new Converter(at, placeOf, new Map(folds.map((fold) => [folded.placeOf(fold.firstOffset), fold])));
  const root = converter.convert(document.contents as YamlNode, [], 0);
  if (converter.foldsLeft > 0) throw new NoRows();
  return root;
}

/**
 * At most two documents; none where there are more syntax errors than are listed. Nesting is
 * bounded before anything recursive sees the text.
 */
function compose(text: string, at: (offset: number) => Origin, faults: SyntaxFault[]): Document.Parsed[] {
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > 3 * DEEPEST_NESTING) throw tooDeep(at(parser.offset), []);
  }
  for (const token of parser.end()) tokens.push(token);
  const documents: Document.Parsed[] = [];
  try {
    for (const document of boundedComposer(faults).compose(tokens, false, text.length)) {
      documents.push(document as Document.Parsed);
      if (documents.length === 2) break;
    }
  } catch (cause) {
    if (!(cause instanceof TooManyFaults)) throw cause;
    return [];
  }
  return documents;
}

/** A syntax error, with the offset of its first character in the text. */
interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
}

class TooManyFaults extends Error {}

/** What the composer names as the place of an error: an offset, the ends of a range, or a token. */
type ErrorSource = number | readonly [number, number] | { readonly offset: number };

/**
 * A composer that ends after `MAX_ISSUES` errors. As it comes, it makes an error object for each
 * wrong character: a text of 4 MiB of commas would take minutes and gigabytes.
 */
function boundedComposer(faults: SyntaxFault[]): Composer {
  // Repeated keys are found by the converter, in linear time.
  const composer = new Composer({ uniqueKeys: false });
  const inner = composer as unknown as { onError: (source: ErrorSource, code: string, message: string) => void };
  inner.onError = (source, _, message) => {
    const offset = typeof source === "number" ? source : "offset" in source ? source.offset : source[0];
    faults.push({ offset, message });
    if (faults.length > MAX_ISSUES) throw new TooManyFaults();
  };
  return composer;
}

class Converter {
  #nodes = 0;
  readonly #anchors = new Map<string, YamlNode>();
  readonly #open = new Set<YamlNode>();

  /**
   * @param at the place of an offset of the text that was read
   * @param placeOf the place of an offset of the text as it was written, with all rows
   * @param folds by the offset of their first rows in the text that was read
   */
  constructor(
    private readonly at: (offset: number) => Origin,
    private readonly placeOf: (offset: number) => Origin,
    private readonly folds: Map<number, Fold>,
  ) {}

  /** Folds whose place was not in a list. */
  get foldsLeft(): number {
    return this.folds.size;
  }

  convert(node: YamlNode | null | undefined, path: Path, offset: number): DocNode {
    const origin = this.at(node?.range?.[0] ?? offset);
    // A text that is not large has no more but by aliases.
    if (++this.#nodes > MAX_COPIES) throw new DocumentError(`more than ${MAX_COPIES} values`, origin, path);
    if (path.length > DEEPEST_NESTING) throw tooDeep(origin, path);
    if (node === null || node === undefined) return { type: "scalar", value: null, origin };
    if (isAlias(node)) return this.#alias(node.source, origin, path);
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined)
      this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return { type: "scalar", value: scalar(node.value, origin, path), origin };
    this.#open.add(node);
    try {
      if (isSeq(node)) {
        const end = node.range?.[0] ?? offset;
        return { type: "list", items: this.#items(node.items as (YamlNode | null)[], path, end), origin };
      }
      if (isMap(node)) return { type: "map", entries: this.#entries(node.items, path, offset), origin };
    } finally {
      this.#open.delete(node);
    }
    throw new DocumentError("only maps, lists, text, numbers and booleans are read", origin, path);
  }

  #items(items: readonly (YamlNode | null)[], path: Path, offset: number): DocNode[] {
    if (this.folds.size === 0) return items.map((item, i) => this.convert(item, [...path, i], offset));
    const nodes: DocNode[] = [];
    items.forEach((item) => {
      nodes.push(this.convert(item, [...path, nodes.length], offset));
      const first = item?.range?.[0] ?? -1;
      const fold = this.folds.get(first);
      if (fold === undefined) return;
      this.folds.delete(first);
      for (const row of fold.rows) nodes.push(this.#row(row, [...path, nodes.length]));
    });
    return nodes;
  }

  #row({ offset, pairs }: Fold["rows"][number], path: Path): DocNode {
    this.#nodes += 1 + pairs.length;
    if (this.#nodes > MAX_NODES) throw new DocumentError(`more than ${MAX_NODES} values`, this.placeOf(offset), path);
    const entries = new Map<string, Entry>();
    for (const { key, keyOffset, value, valueOffset } of pairs) {
      const node: DocNode = { type: "scalar", value, origin: this.#late(valueOffset) };
      entries.set(key, { keyOrigin: this.#late(keyOffset), node });
    }
    return { type: "map", entries, origin: this.#late(offset) };
  }

  #late(offset: number): Origin {
    return new LateOrigin(offset, this.placeOf);
  }

  /** Aliases are copied where they stand; the bound on values stops those that grow without end. */
  #alias(name: string, origin: Origin, path: Path): DocNode {
    const target = this.#anchors.get(name);
    if (target === undefined) throw new DocumentError(`there is no anchor &${name} before this alias`, origin, path);
    if (this.#open.has(target)) throw new DocumentError(`the alias *${name} contains itself`, origin, path);
    return this.convert(target, path, 0);
  }

  #entries(pairs: readonly { key: unknown; value: unknown }[], path: Path, offset: number): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    for (const pair of pairs) {
      const keyNode = pair.key as YamlNode | null;
      const keyOffset = keyNode?.range?.[0] ?? offset;
      const keyOrigin = this.at(keyOffset);
      const key = isScalar(keyNode) ? keyNode.value : null;
      if (typeof key !== "string" && typeof key !== "number") {
        throw new DocumentError("a key must be plain text", keyOrigin, path);
      }
      const name = String(key);
      const fault = entries.has(name) ? `the key "${name}" is given twice` : keyFault(name);
      if (fault !== null) throw new DocumentError(fault, keyOrigin, path);
      const node = this.convert(pair.value as YamlNode | null, [...path, name], keyOffset);
      entries.set(name, { keyOrigin, node });
    }
    return entries;
  }
}

function scalar(value: unknown, origin: Origin, path: Path): Scalar {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new DocumentError("not a finite number; write one that is", origin, path);
  }
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  throw new DocumentError("only text, numbers, booleans and null are read as values", origin, path);
}

function tooDeep(origin: Origin, path: Path): DocumentError {
  return new DocumentError(`nested deeper than ${DEEPEST_NESTING} levels`, origin, path);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
