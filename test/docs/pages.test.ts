/**
 * What pages show is what the program prints today. `HEDDLE_WRITE_DOCS=1` writes it instead
 * (`npm run docs:guide`).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesOf } from "../tidy/modules.js";
import { commandsOf, Shell, type Shown, stable, textOf } from "./console.js";

const WRITES = process.env.HEDDLE_WRITE_DOCS === "1";
const BLOCK = /^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm;
const PAGES = filesOf("docs/guide").filter((path) => path.endsWith(".md"));
const at = (path: string) => new URL(`../../${path}`, import.meta.url);

/** A page's text with the outputs of today, and both outputs of each of its commands. */
async function today(page: string): Promise<{ text: string; pairs: [Shown, string][] }> {
  const shell = new Shell();
  const text = readFileSync(at(page), "utf8");
  const pairs: [Shown, string][] = [];
  let written = text;
  try {
    for (const [block, kind, name, body] of text.matchAll(BLOCK)) {
      if (kind !== "console") {
        if (name !== undefined) shell.write(name, body!);
        continue;
      }
      const now: Shown[] = [];
      for (const shown of commandsOf(body!)) {
        const output = await shell.run(shown.command);
        pairs.push([shown, output]);
        // What differs in speed alone stays as it was.
        now.push(stable(output) === stable(shown.output) ? shown : { ...shown, output });
      }
      written = written.replace(block, () => `\`\`\`console\n${textOf(now)}\`\`\``);
    }
  } finally {
    shell.remove();
  }
  return { text: written, pairs };
}

describe("the guide", () => {
  it("has pages", () => expect(PAGES.length).toBeGreaterThan(0));

  it.concurrent.each(PAGES)("shows what the program prints: %s", { timeout: 600_000 }, async (page) => {
    const { text, pairs } = await today(page);
    if (WRITES) return writeFileSync(at(page), text);
    for (const [shown, output] of pairs) {
      expect(`$ ${shown.command}\n${stable(shown.output)}`).toBe(`$ ${shown.command}\n${stable(output)}`);
    }
  });
});
