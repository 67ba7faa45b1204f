/** Docs stay true: their links lead somewhere, and every example is named in one. */
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { filesOf, textOf } from "./modules.js";

const PAGES = filesOf("*.md").filter((path) => path.endsWith(".md"));

/** GitHub's anchor of a heading. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** Headings with the same words get a number, from the second on. */
function anchorsOf(text: string): Set<string> {
  const counts = new Map<string, number>();
  const numbered = [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading]) => {
    const anchor = anchorOf(heading!);
    const before = counts.get(anchor) ?? 0;
    counts.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
  return new Set(numbered);
}

/** Links of a page to files of the tree and to headings, those in code left out. */
function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((it) => !/^[a-z]+:/.test(it));
}

/** Folders that hold a path, nearest first. */
function ancestorsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === "." ? [] : [parent, ...ancestorsOf(parent)];
}

describe("docs", () => {
  it("have no dead links", () => {
    const files = new Set(filesOf("."));
    const folders = new Set([...files].flatMap(ancestorsOf));
    const dead = PAGES.flatMap((page) =>
      linksOf(textOf(page)!)
        .filter((link) => {
          const [path = "", anchor] = link.split("#");
          const target = path === "" ? page : normalize(join(dirname(page), path)).replace(/\/$/, "");
          if (!files.has(target) && !folders.has(target)) return true;
          return anchor !== undefined && !anchorsOf(textOf(target) ?? "").has(anchor);
        })
        .map((link) => `${page}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it("name every example", () => {
    const text = PAGES.filter((page) => !page.startsWith("examples/"))
      .map(textOf)
      .join("\n");
    const examples = new Set(filesOf("examples").map((path) => path.split("/")[1]!));
    expect([...examples].filter((name) => !text.includes(name))).toEqual([]);
  });
});
