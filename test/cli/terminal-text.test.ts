import { describe, expect, it, test } from "vitest";
import { breakLines, isUnicodeLocale, jsonToAscii, presenter, toAscii } from "../../src/cli/support/terminal-text.js";

test.each([
  [{}, true],
  [{ LANG: "en_US.UTF-8" }, true],
  [{ LANG: "C.utf8" }, true],
  [{ LANG: "C" }, false],
  [{ LANG: "POSIX" }, false],
  [{ LANG: "de_DE" }, false],
  [{ LANG: "de_DE.ISO-8859-1" }, false],
  [{ LANG: "en_US.UTF-8", LC_ALL: "C" }, false],
  [{ LANG: "C", LC_ALL: "C.UTF-8" }, true],
  [{ LANG: "en_US.UTF-8", LC_CTYPE: "C" }, false],
  [{ LANG: "en_US.UTF-8", LC_ALL: "", LC_CTYPE: "" }, true],
])("the locale of %j shows more than ASCII: %s", (variables, expected) => {
  expect(isUnicodeLocale(variables)).toBe(expected);
});

test("ASCII stands in for what heddle writes, and for names as far as it can", () => {
  expect(toAscii("  bound  ███··· 3 × 2 µs → … “x” ≥ 1")).toBe('  bound  ###... 3 x 2 us -> ... "x" >= 1');
  expect(toAscii("größe.yaml 織機 🧵")).toBe("gro?e.yaml ?? ?");
  expect(toAscii("plain\ttext\n")).toBe("plain\ttext\n");
});

test("JSON in ASCII means the same", () => {
  const value = { name: "größe 🧵 …", bars: "██" };
  const json = jsonToAscii(JSON.stringify(value));
  expect(json).toMatch(/^[\0-\x7f]*$/);
  expect(JSON.parse(json)).toEqual(value);
});

describe("lines that are too long for a terminal", () => {
  it("break at spaces, and go on two columns further in", () => {
    expect(breakLines("short\n  one two three four\nend\n", 13)).toBe("short\n  one two\n    three\n    four\nend\n");
  });

  it("keep long names whole", () => {
    expect(breakLines("to /a/very/long/path/indeed now", 12)).toBe("to\n  /a/very/long/path/indeed\n  now");
  });

  it("do not count codes for colours", () => {
    const colored = "\u001b[1mone\u001b[22m two";
    expect(breakLines(colored, 7)).toBe(colored);
  });
});

test("a stream shows text as its terminal can, JSON with its meaning, and data as they are", () => {
  const words = `${"word ".repeat(30)}…\n`;
  const terminal = presenter({ isTerminal: true, columns: 80 }, { LANG: "C" });
  for (const line of terminal(words).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(terminal(words)).toContain("...");
  expect(terminal(words, "data")).toBe(words);
  expect(JSON.parse(terminal(JSON.stringify(words), "json"))).toBe(words);
  expect(terminal(`\r${"x ".repeat(60)}`)).toBe(`\r${"x ".repeat(60)}`);
  expect(presenter({ isTerminal: false, columns: 80 }, { LANG: "en_US.UTF-8" })(words)).toBe(words);
});
