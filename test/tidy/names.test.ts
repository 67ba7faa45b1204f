/** Names of constants use the field's words for limits: MAX and MIN, one spelling in the tree. */
import { describe, expect, it } from "vitest";
import { filesOf, textOf } from "./modules.js";

const OTHER_SPELLING = /\b(?:(?:MOST|LEAST)_[A-Z0-9_]+|[A-Z0-9_]+_(?:MOST|LEAST))\b/g;
const FOLDERS = ["assembly", "bench", "examples", "scripts", "src", "test", "web"];

describe("names of limits", () => {
  it("start with MAX or MIN", () => {
    const sources = filesOf(...FOLDERS).filter((path) => /\.(ts|js|mjs)$/.test(path));
    const found = sources.flatMap((path) =>
      [...textOf(path)!.matchAll(OTHER_SPELLING)].map(([name]) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  });
});
