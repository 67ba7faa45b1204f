import { expect, test } from "vitest";
import { styleFor } from "../../src/answer/text/style.js";
import { withoutRawControls } from "../../src/cli/support/terminal.js";

test("what the program itself marks up stays as it is", () => {
  const { bold, dim, good, warn, bad } = styleFor(true);
  for (const text of [`${bold("a")} ${dim("b")} ${good("c")} ${warn("d")} ${bad("e")}\n`, "\r\u001b[Ksimulated 1 us"]) {
    expect(withoutRawControls(text)).toBe(text);
  }
});

test("raw control characters of names and messages are written as escapes", () => {
  expect(withoutRawControls("a\u001b[2Jb\u0007\r\u009b5n\u007f\u0000")).toBe(
    "a\\u001b[2Jb\\u0007\\u000d\\u009b5n\\u007f\\u0000",
  );
  expect(withoutRawControls("\u001b]0;title\u0007 \u001b[8mhidden\u001b[1A")).toBe(
    "\\u001b]0;title\\u0007 \\u001b[8mhidden\\u001b[1A",
  );
  expect(withoutRawControls("left\u202eright\u2066")).toBe("left\\u202eright\\u2066");
  expect(withoutRawControls("tabs\tand\nlines, ü, 輪, …")).toBe("tabs\tand\nlines, ü, 輪, …");
});

test("no character of the two control sets passes but tab and line feed", () => {
  for (let code = 0; code < 0xa0; code++) {
    const isControl = code < 0x20 || code >= 0x7f;
    const passes = !isControl || code === 9 || code === 10;
    const written = withoutRawControls(String.fromCharCode(code));
    expect(written.length === 1, `U+${code.toString(16)}`).toBe(passes);
    if (isControl && !passes) expect(JSON.parse(`"${written}"`)).toBe(String.fromCharCode(code));
  }
});
