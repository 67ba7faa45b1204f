// Bundles the program and what the workers of a batch run, so that a command loads a few files
// instead of hundreds. The library's entry points stay as tsc wrote them.
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";
import { withoutLocales } from "./without-locales.mjs";

const OUT = resolve("dist");
/** Found by Node at run time: they load files of their own, or are optional. */
const EXTERNAL = ["piscina", "assemblyscript", "typescript", "vega", "vega-lite", "@resvg/resvg-js"];
/** All output lies this far below `dist`, so that one path leads from any of it to another file. */
const ENTRIES = {
  "cli/main": "cli/main.js",
  "cli/command": "cli/command.js",
  "cli/batch-worker": "study/batch/worker.js",
};

/**
 * Modules go on finding the files beside them: `import.meta.url` stays that of the module, wherever
 * its code has gone.
 */
const ownUrls = {
  name: "own-urls",
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!path.startsWith(OUT + sep)) return undefined;
      const contents = await readFile(path, "utf8");
      const own = `../${relative(OUT, path).split(sep).join("/")}`;
      return {
        contents: contents.replaceAll("import.meta.url", `new URL(${JSON.stringify(own)}, import.meta.url).href`),
        resolveDir: dirname(path),
      };
    });
  },
};

/** CommonJS modules in the bundle ask for Node's own. */
const BANNER = 'import { createRequire as _require } from "node:module"; const require = _require(import.meta.url);';

const { outputFiles } = await build({
  entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, join(OUT, file)])),
  outdir: OUT,
  chunkNames: "cli/[name]-[hash]",
  bundle: true,
  splitting: true,
  write: false,
  allowOverwrite: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: EXTERNAL,
  plugins: [withoutLocales, ownUrls],
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: BANNER },
  logLevel: "warning",
});
await rm(join(OUT, "cli"), { recursive: true, force: true });
await mkdir(join(OUT, "cli"), { recursive: true });
for (const { path, contents } of outputFiles) await writeFile(path, contents);
await writeFile(
  join(OUT, "study/batch/worker.js"),
  'export * from "../../cli/batch-worker.js";\nexport { default } from "../../cli/batch-worker.js";\n',
);
await chmod(join(OUT, "cli/main.js"), 0o755);
