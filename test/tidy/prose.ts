/** Sentences of pages and of comments. */
import ts from "typescript";
import type { Module } from "./modules.js";

/** Paragraphs and items of lists of a page, a line each: no code, tables or headings. */
export function paragraphsOf(page: string): string[] {
  const found: string[] = [];
  let isFenced = false;
  let isOpen = false;
  for (const line of page.split("\n")) {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence) isFenced = !isFenced;
    const isProse = !isFence && !isFenced && line.trim() !== "" && !/^\s*\||^#/.test(line);
    // Indented code follows an empty line.
    if (!isProse || (!isOpen && line.startsWith("    "))) {
      isOpen = false;
      continue;
    }
    const text = line.replace(/^\s*([-*]|\d+\.)\s+/, "");
    if (isOpen && text === line) found[found.length - 1] += ` ${line.trim()}`;
    else found.push(text.trim());
    isOpen = true;
  }
  return found;
}

/** Comments of a module by paragraphs: no drawings, tags of docstrings apart. */
export function commentsOf({ source, text }: Module): string[] {
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) ranges.set(range.pos, range);
    for (const range of ts.getTrailingCommentRanges(text, node.end) ?? []) ranges.set(range.pos, range);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const found: string[] = [];
  let end = -1;
  for (const range of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const isLine = range.kind === ts.SyntaxKind.SingleLineCommentTrivia;
    const body = text.slice(range.pos, range.end);
    const lines = isLine ? [body.slice(2)] : body.slice(2, -2).split("\n");
    // Line comments under each other are one.
    const isSame = isLine && end >= 0 && /^\n[ \t]*$/.test(text.slice(end, range.pos));
    const parts = lines
      .map((line) => line.replace(/^\s*\*( |$)/, ""))
      .join("\n")
      .replace(/^\s*@\w+\s*/gm, "\n\n")
      .split("\n\n")
      .flatMap(paragraphsOf);
    if (isSame && found.length > 0 && parts.length === 1) found[found.length - 1] += ` ${parts[0]}`;
    else found.push(...parts);
    end = isLine ? range.end : -1;
  }
  return found;
}

/**
 * Sentences of a paragraph, where code is one word. A colon and a semicolon end one, too: what
 * follows can be read alone.
 */
export function sentencesOf(paragraph: string): string[] {
  const words = paragraph
    .replace(/`[^`]*`/g, "CODE")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\{@link (\S+?)\}/g, "$1");
  return words.split(/(?<=[.!?:;](?:\*\*|[)"”])?)\s+/);
}

export function wordsOf(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
