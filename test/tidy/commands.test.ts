/** Every command that a page shows is one that the program takes. */
import { Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { MODULES } from "../../src/cli/program.js";
import type { Environment } from "../../src/cli/support/environment.js";
import { filesOf, textOf } from "./modules.js";

/** But for the page of help texts, whose examples are prose. */
const PAGES = filesOf("*.md").filter((path) => path.endsWith(".md") && path !== "docs/reference/commands.md");

/** What a page shows: lines of code, and code within sentences, which may leave arguments out. */
interface Shown {
  readonly page: string;
  readonly text: string;
  readonly isWhole: boolean;
}

function shownBy(page: string): Shown[] {
  const { code, prose } = partsOf(textOf(page)!);
  const lines = code.map((line) => /^\s*(?:\$ |npx )?(heddle .*)$/.exec(line)?.[1]);
  // A span may be broken over two lines.
  const spans = [...prose.matchAll(/`(?:npx )?(heddle [^`]*)`/g)].map(([, span]) => span!.replace(/\s+/g, " "));
  return [
    ...lines.filter((line) => line !== undefined).map((line) => ({ page, text: line, isWhole: true })),
    ...spans.map((span) => ({ page, text: span, isWhole: false })),
  ];
}

/** Lines of fenced and indented code, and the rest. What carries on the item of a list is no code. */
function partsOf(text: string): { code: string[]; prose: string } {
  const code: string[] = [];
  const prose: string[] = [];
  let isFenced = false;
  let isItem = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) isFenced = !isFenced;
    else if (isFenced || (line.startsWith("    ") && !isItem)) code.push(line);
    else {
      if (line !== "") isItem = /^\s*([-*]|\d+\.)\s/.test(line) || (isItem && line.startsWith(" "));
      prose.push(line);
    }
  }
  return { code, prose: prose.join("\n") };
}

/** Arguments after `heddle`: up to a comment, a pipe, a redirection or the next command. */
function argumentsOf(text: string): string[] {
  const command = text.split(/\s+(?:#|\||>|&&|;|:::)(?:\s|$)/)[0]!;
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
    .slice(1)
    .map(([, double, single, plain]) => double ?? single ?? plain!);
}

/** Why the program would not take it; undefined where it would. */
function fault(program: Command, { text, isWhole }: Shown): string | undefined {
  let command = program;
  let rest = argumentsOf(text);
  for (;;) {
    const next = command.commands.find((it) => it.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    rest = rest.slice(1);
  }
  if (command === program && rest[0] !== undefined && !rest[0].startsWith("-")) return `no command ${rest[0]}`;
  const flags = rest.filter((it) => /^--?[a-z]/.test(it)).map((it) => it.split("=")[0]!);
  const strange = flags.find((flag) => !takes(command, flag));
  if (strange !== undefined) return `no option ${strange}`;
  return isWhole ? refusal(command, rest) : undefined;
}

function takes(command: Command, flag: string): boolean {
  return (
    ["--help", "--version"].includes(flag) || command.options.some(({ short, long }) => flag === short || flag === long)
  );
}

/** What Commander says of values and of the number of arguments. */
function refusal(command: Command, rest: string[]): string | undefined {
  if (rest.includes("--help") || rest.includes("--version")) return undefined;
  try {
    const { operands, unknown } = command.parseOptions(rest);
    const count = operands.length + unknown.length;
    const least = command.registeredArguments.filter((it) => it.required).length;
    const isOpen = command.registeredArguments.some((it) => it.variadic);
    if (count < least) return `${least - count} arguments are missing`;
    return count > command.registeredArguments.length && !isOpen ? "too many arguments" : undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => {} });
  command.commands.forEach(quiet);
}

describe("docs", () => {
  it("show commands that the program takes", async () => {
    const program = new Command("heddle").version("0");
    for (const [name, load] of Object.entries(MODULES))
      (await load()).define(program.command(name), {} as Environment, async () => program);
    quiet(program);
    const shown = PAGES.flatMap(shownBy);
    const faults = shown.flatMap((it) => {
      const why = fault(program, it);
      return why === undefined ? [] : [`${it.page}: ${it.text}: ${why}`];
    });
    expect(faults).toEqual([]);
    expect(shown.length).toBeGreaterThan(100);
  });
});
