/**
 * Prose that is understood at the first reading: short sentences, no idiom. A sentence that is too
 * long becomes two, or a list.
 */
import { describe, expect, it } from "vitest";
import { filesOf, isGenerated, modulesOf, textOf } from "./modules.js";
import { commentsOf, paragraphsOf, sentencesOf, wordsOf } from "./prose.js";

const MAX_WORDS = 25;

/** Phrases that a reader whose first language is another one has to guess at, and what says it. */
const IDIOMS: Record<string, string> = {
  "so many": "name the number",
  "so few": "name the number",
  "so much": "name the amount",
  "what of": "say which part",
  "for good": "say until when, or that it never ends",
  "that which": "the one that",
  "those of which": "the ones whose",
  "all the same": "still, or nevertheless",
  hence: "so, or therefore",
  thereby: "so",
  thereof: "of it",
  lest: "so that … not",
};

const texts = [
  ...modulesOf("src", "assembly", "bench", "scripts", "test")
    .filter((module) => !isGenerated(module))
    .map((module) => ({ path: module.path, paragraphs: commentsOf(module) })),
  // The pages of the API are docstrings, which are read where they stand, and types.
  ...filesOf("*.md")
    .filter((path) => path.endsWith(".md") && !path.startsWith("docs/reference/api/"))
    .map((path) => ({ path, paragraphs: paragraphsOf(textOf(path)!) })),
];

describe("prose", () => {
  it(`has sentences of at most ${MAX_WORDS} words`, () => {
    const long = texts.flatMap(({ path, paragraphs }) =>
      paragraphs
        .flatMap(sentencesOf)
        .filter((sentence) => wordsOf(sentence) > MAX_WORDS)
        .map((sentence) => `${path}: ${sentence}`),
    );
    expect(long).toEqual([]);
  });

  it("has no idiom", () => {
    const found = texts.flatMap(({ path, paragraphs }) =>
      Object.entries(IDIOMS).flatMap(([idiom, instead]) =>
        paragraphs
          .filter((text) => new RegExp(`\\b${idiom}\\b`, "i").test(text.replace(/`[^`]*`|"[^"]*"/g, "")))
          .map((text) => `${path}: "${idiom}" (${instead}): ${text}`),
      ),
    );
    expect(found).toEqual([]);
  });
});
