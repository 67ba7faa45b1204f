import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const page = readFileSync(at("CONTRIBUTING.md"), "utf8");

/** The worked diff: of each file, the lines that each of its hunks expects there, in a row. */
function hunks(): { path: string; isNew: boolean; context: string[] }[] {
  const diff = /```diff\n(.*?)```/s.exec(page)![1]!;
  return diff.split(/^--- /m).flatMap((part) => {
    const [from, to, ...lines] = part.split("\n");
    const path = to?.replace("+++ b/", "") ?? "";
    const bodies = lines.join("\n").split(/^@@\n/m).slice(1);
    return bodies.map((body) => ({
      path,
      isNew: from === "/dev/null",
      context: body.split("\n").flatMap((line) => (line.startsWith(" ") ? [line.slice(1)] : [])),
    }));
  });
}

describe("the worked diff in CONTRIBUTING.md", () => {
  it("touches seven files", () => {
    expect(new Set(hunks().map(({ path }) => path)).size).toBe(7);
  });

  it.each(hunks())("still fits $path", ({ path, isNew, context }) => {
    if (isNew) return expect(existsSync(at(path))).toBe(false);
    const text = readFileSync(at(path), "utf8");
    expect(`${text.split(`\n${context.join("\n")}\n`).length - 1} times`).toBe("1 times");
  });
});

it("the files that CONTRIBUTING.md names are there", () => {
  const paths = [...page.matchAll(/`((?:src|test|assembly|docs)\/[\w./-]+)`/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(at(path)))).toEqual([]);
});
