/**
 * Text for people as their terminal can show it: ASCII where its locale has nothing else, and lines
 * that break at spaces.
 */
import { visibleLength, wrap } from "../../util/wrap.js";
import type { OutputKind } from "./environment.js";

/**
 * Whether the locale of these environment variables can show more than ASCII. `LC_ALL` is before
 * `LC_CTYPE`, that before `LANG`, as in POSIX. Where none is set (containers, Windows) terminals
 * nearly always take UTF-8.
 */
export function isUnicodeLocale(variables: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [variables.LC_ALL, variables.LC_CTYPE, variables.LANG].find(
    (value) => value !== undefined && value !== "",
  );
  return locale === undefined || /utf-?8/i.test(locale);
}

/** What stands for characters that heddle itself writes. */
const STAND_INS: Readonly<Record<string, string>> = {
  "\u2588": "#",
  "\u00b7": ".",
  "\u2026": "...",
  "\u00d7": "x",
  "\u00b5": "u",
  "\u03bc": "u",
  "\u2192": "->",
  "\u2190": "<-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2212": "-",
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u2264": "<=",
  "\u2265": ">=",
  "\u00a0": " ",
};

const NOT_ASCII = /[^\0-\x7f]/gu;

/** The text in ASCII: accents are dropped, and what has no stand-in becomes a question mark. */
export function toAscii(text: string): string {
  return text.replace(NOT_ASCII, (character) => STAND_INS[character] ?? withoutAccents(character));
}

function withoutAccents(character: string): string {
  const plain = character.normalize("NFKD").replace(NOT_ASCII, "");
  return plain === "" ? "?" : plain;
}

/** JSON in ASCII, with the same meaning. */
export function jsonToAscii(json: string): string {
  return json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Breaks lines that are too long for a terminal at spaces, which it would break anywhere. What
 * follows is indented two columns more.
 */
export function breakLines(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => (visibleLength(line) > columns ? breakLine(line, columns) : line))
    .join("\n");
}

function breakLine(line: string, columns: number): string {
  const indent = /^ */.exec(line)![0];
  const [first, ...others] = wrap(line.slice(indent.length), columns - indent.length - 2);
  return [`${indent}${first}`, ...others.map((rest) => `${indent}  ${rest.trimStart()}`)].join("\n");
}

/** How text is shown on a stream. */
export function presenter(
  stream: { readonly isTerminal: boolean; readonly columns: number },
  variables: Readonly<Record<string, string | undefined>>,
): (text: string, kind?: OutputKind) => string {
  const isUnicode = isUnicodeLocale(variables);
  return (text, kind = "text") => {
    if (kind === "data") return text;
    if (kind === "json") return isUnicode ? text : jsonToAscii(text);
    const shown = isUnicode ? text : toAscii(text);
    // A line that begins with a return is rewritten, and cut by who writes it.
    if (!stream.isTerminal || shown.includes("\r")) return shown;
    return breakLines(shown, Math.max(40, stream.columns));
  };
}
