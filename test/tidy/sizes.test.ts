/**
 * Files, functions and lines stay short, without exceptions.
 */
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesOf, isGenerated, type Module, modulesOf, textOf } from "./modules.js";

const MAX_FILE_LINES = 500;
const MAX_FUNCTION_LINES = 70;
const MAX_PARAMETERS = 6;
const MAX_COLUMNS = 100;

const CODE = modulesOf("src", "assembly", "bench", "scripts", "web").filter((module) => !isGenerated(module));
/** Pages that the build writes: a table's row is a line. */
const GENERATED_PAGES = ["docs/POLICIES.md", "docs/VALIDATION.md", "docs/COMBINATIONS.md", "docs/PARTS.md"];
const GENERATED_FOLDER = "docs/reference/";

/** Lines of each function that has a body, and its parameters. */
function functionsOf({ source, path }: Module): { name: string; lines: number; parameters: number }[] {
  const found: { name: string; lines: number; parameters: number }[] = [];
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const own = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
      const name = `${path}: ${own?.getText(source) ?? (ts.isConstructorDeclaration(node) ? "constructor" : "function")}`;
      const lines = lineAt(node.end) - lineAt(node.getStart(source)) + 1;
      found.push({ name, lines, parameters: node.parameters.length });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What exceeds a limit, with its size. */
function beyond(sizes: readonly (readonly [string, number])[], limit: number): Record<string, number> {
  return Object.fromEntries(sizes.filter(([, size]) => size > limit).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Lines of comments beyond the limit of columns; lines that a link or path makes long do not count.
 */
function longComments({ text }: Module): number {
  return text.split("\n").filter((line) => isTooLong(line) && /^\s*(\/\/|\/\*|\*)/.test(line)).length;
}

/** Lines of prose beyond the limit: not in fenced blocks, tables or links. */
function longProse(text: string): number {
  let isFenced = false;
  return text.split("\n").filter((line) => {
    if (/^\s*(```|~~~)/.test(line)) isFenced = !isFenced;
    return !isFenced && isTooLong(line) && !/^\s*\|/.test(line) && !/^ {4}/.test(line);
  }).length;
}

function isTooLong(line: string): boolean {
  return [...line].length > MAX_COLUMNS && !/\S{60,}/.test(line);
}

describe("sizes", () => {
  it(`keep files at ${MAX_FILE_LINES} lines`, () => {
    const sizes = CODE.map(({ path, text }) => [path, text.split("\n").length] as const);
    expect(beyond(sizes, MAX_FILE_LINES)).toEqual({});
  });

  const functions = CODE.flatMap(functionsOf);

  it(`keep functions at ${MAX_FUNCTION_LINES} lines`, () => {
    const sizes = functions.map(({ name, lines }) => [name, lines] as const);
    expect(beyond(sizes, MAX_FUNCTION_LINES)).toEqual({});
  });

  it(`give functions ${MAX_PARAMETERS} parameters at most`, () => {
    const sizes = functions.map(({ name, parameters }) => [name, parameters] as const);
    expect(beyond(sizes, MAX_PARAMETERS)).toEqual({});
  });

  it(`keep comments and docs at ${MAX_COLUMNS} columns`, () => {
    const comments = CODE.map((module) => [module.path, longComments(module)] as const);
    const pages = filesOf("docs", "README.md", "CONTRIBUTING.md", "examples").filter(
      (path) => path.endsWith(".md") && !GENERATED_PAGES.includes(path) && !path.startsWith(GENERATED_FOLDER),
    );
    const prose = pages.map((path) => [path, longProse(textOf(path)!)] as const);
    expect(beyond([...comments, ...prose], 0)).toEqual({});
  });
});
