// Builds the playground into dist/web: static files that load nothing from elsewhere.
import { copyFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { PAGE_SETTINGS } from "./page-settings.mjs";

const OUT = resolve("dist/web");

/** Files of an example that no scenario names. */
const ABOUT = new Set(["README.md", "expected.txt"]);

/** Texts of the examples in the place of web/examples.ts, those without files beside them. */
const examples = {
  name: "examples",
  setup({ onLoad }) {
    onLoad({ filter: /web[\\/]examples\.ts$/ }, async () => {
      const texts = {};
      for (const name of await readdir("examples")) {
        const files = (await readdir(join("examples", name))).filter((file) => !ABOUT.has(file));
        if (files.length === 1) texts[name] = await readFile(join("examples", name, files[0]), "utf8");
      }
      return { contents: `export const examples = ${JSON.stringify(texts)};`, loader: "js" };
    });
  },
};

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const settings = { ...PAGE_SETTINGS, outdir: OUT };
await build({
  ...settings,
  entryPoints: { main: "web/main.ts" },
  splitting: true,
  chunkNames: "[name]-[hash]",
  plugins: [examples],
});
// Both workers share the chunk that is heddle.
await build({
  ...settings,
  entryPoints: { simulator: "web/worker/simulator.ts", checker: "web/worker/checker.ts" },
  splitting: true,
  chunkNames: "heddle-[hash]",
  alias: { heddle: resolve("dist/browser/heddle.js") },
});
for (const file of ["index.html", "style.css"]) await copyFile(join("web", file), join(OUT, file));
