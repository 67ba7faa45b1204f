/** The picture at the head of README.md is what its command draws today. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { Shell } from "./console.js";

const at = (path: string) => new URL(`../../${path}`, import.meta.url);

it("README's picture is fresh", async () => {
  const readme = readFileSync(at("README.md"), "utf8").replaceAll("\n", " ");
  const [, command] = /`(npx heddle bench-routing [^`]*--patterns [^`]*)`/.exec(readme)!;
  const shell = new Shell();
  try {
    await shell.run(`${command} --chart routing.svg --quiet`);
    const drawn = await shell.run("cat routing.svg");
    const picture = at("docs/pictures/routing.svg");
    if (process.env.HEDDLE_WRITE_DOCS === "1") return writeFileSync(picture, `${drawn}\n`);
    expect(readFileSync(picture, "utf8").trim()).toBe(drawn);
    expect(drawn).toContain("permutation");
  } finally {
    shell.remove();
  }
});
