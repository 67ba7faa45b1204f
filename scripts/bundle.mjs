// Bundles the program and what the workers of a batch run, so that a command loads a few files
// instead of hundreds. The library's entry points stay as tsc wrote them.
import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { build } from "esbuild";
import { withoutChildProcess } from "./without-child-process.mjs";
import { withoutLocales } from "./without-locales.mjs";

const OUT = resolve("dist");
/** Found by Node at run time: they load files of their own, or are optional. */
const EXTERNAL = ["piscina", "assemblyscript", "typescript", "vega", "vega-lite", "@resvg/resvg-js"];
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

const COMMON = {
  outdir: OUT,
  bundle: true,
  write: false,
  allowOverwrite: true,
  platform: "node",
  target: "node20",
  external: EXTERNAL,
  plugins: [withoutLocales, ownUrls],
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: "warning",
};

/**
 * The program as one script: a function, of what `src/cli/script.ts` gives it. A script
 * cannot import by itself, and importing a module of Node's takes longer than requiring it.
 * @returns {Promise<string>}
 */
async function programScript() {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [join(OUT, "cli/entries.js")],
    format: "cjs",
    define: { "import.meta.url": "programUrl" },
  });
  const text = outputFiles[0].text
    .replaceAll(/\bimport\(("node:[^"]+")\)/g, "Promise.resolve(require($1))")
    .replaceAll(/\bimport\(/g, "importModule(");
  return `(function (require, module, programUrl, importModule) {${text}\n})`;
}

const program = await programScript();
const programName = `program-${createHash("sha256").update(program).digest("hex").slice(0, 16)}.cjs`;
const define = { PROGRAM_SCRIPT: JSON.stringify(programName) };

/**
 * What the program loads when it needs it, each one file: a module of its own costs a process about
 * a millisecond, so what several share is copied.
 */
const LAZY = ["launch", "overview", "script", "command-thread"];
const lazy = {
  name: "lazy",
  setup({ onResolve }) {
    const filter = new RegExp(`^\\./(${LAZY.join("|")})\\.js$`);
    onResolve({ filter }, ({ path, kind }) => (kind === "dynamic-import" ? { path, external: true } : undefined));
  },
};

const MODULES = { ...COMMON, format: "esm", define };
/** All output lies this far below `dist`, so that one path leads from any of it to another file. */
const entries = (...names) => Object.fromEntries(names.map((name) => [`cli/${name}`, join(OUT, `cli/${name}.js`)]));
const starting = await build({
  ...MODULES,
  entryPoints: entries("main", ...LAZY.filter((name) => name !== "overview")),
  plugins: [lazy, ownUrls],
});
/** CommonJS modules in a bundle ask for Node's own. */
const banner = {
  js: 'import { createRequire as _require } from "node:module"; const require = _require(import.meta.url);',
};
const overview = await build({
  ...MODULES,
  entryPoints: entries("overview"),
  plugins: [withoutChildProcess, ownUrls],
  banner,
});
const worker = await build({
  ...MODULES,
  entryPoints: { "cli/batch-worker": join(OUT, "study/batch/worker.js") },
  banner,
});
// A thread that begins with CommonJS does without the loader of ES modules.
const thread = await build({
  ...COMMON,
  entryPoints: [join(OUT, "cli/thread.js")],
  entryNames: "cli/thread",
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  define: { ...define, "import.meta.url": "threadUrl" },
  banner: { js: 'const threadUrl = require("node:url").pathToFileURL(__filename).href;' },
});
await rm(join(OUT, "cli"), { recursive: true, force: true });
await mkdir(join(OUT, "cli"), { recursive: true });
await writeFile(join(OUT, "cli", programName), program);
const outputs = [starting, overview, worker, thread].flatMap(({ outputFiles }) => outputFiles);
for (const { path, contents } of outputs) await writeFile(path, contents);
await writeFile(
  join(OUT, "study/batch/worker.js"),
  'export * from "../../cli/batch-worker.js";\nexport { default } from "../../cli/batch-worker.js";\n',
);
await chmod(join(OUT, "cli/main.js"), 0o755);
