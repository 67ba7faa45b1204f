// Bundles the library for pages: one ES module that holds the cores and the code of its threads. It
// asks nothing of a page's bundler, and loads nothing.
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { PAGE_SETTINGS } from "./page-settings.mjs";
import { withoutLocales } from "./without-locales.mjs";

const OUT = resolve("dist");
const CORE = join(OUT, "engine/core");

/** Puts embedded.js in the place of platform.js, and into that what it names. */
const embedded = {
  name: "embedded",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/platform\.js$/ }, ({ resolveDir }) =>
      resolveDir === CORE ? { path: join(CORE, "embedded.js") } : undefined,
    );
    onResolve({ filter: /\?bundled$/ }, ({ path }) => ({
      path: join(CORE, path.replace("?bundled", "")),
      namespace: "bundled",
    }));
    onLoad({ filter: /.*/, namespace: "bundled" }, async ({ path }) => {
      const { outputFiles } = await build({
        ...PAGE_SETTINGS,
        entryPoints: [path],
        write: false,
        define: { process: "undefined" },
        external: ["node:*"],
      });
      return { contents: outputFiles[0].text, loader: "text" };
    });
  },
};

await rm(join(OUT, "browser"), { recursive: true, force: true });
await mkdir(join(OUT, "browser"), { recursive: true });
const { metafile } = await build({
  ...PAGE_SETTINGS,
  entryPoints: [join(OUT, "index.js")],
  outfile: join(OUT, "browser/heddle.js"),
  loader: { ".wasm": "binary" },
  metafile: true,
  plugins: [withoutLocales, embedded],
});
const nodes = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
if (nodes.length !== 0) throw new Error(`the bundle for pages imports ${nodes.join(", ")}`);
