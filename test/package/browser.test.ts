/** The package in pages: bundled as its users would, run in Chromium, held to what Node gives. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { build as vite } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simulate } from "../../src/index.js";
import { CHROMIUM, startChromium } from "./chromium.js";
import { type FileServer, serveFiles } from "./file-server.js";
import { SCENARIOS } from "./scenarios.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A worker that simulates, and the page that asks it: `simulate(document, options)`. */
const WORKER = `
import { simulate } from "heddle";
onmessage = async ({ data: { id, document, options } }) => {
  try {
    const result = await simulate(document, options);
    postMessage({ id, digest: result.engine.digest, threads: result.engine.threads });
  } catch (cause) {
    postMessage({ id, error: String(cause) });
  }
};
`;
const PAGE = `
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
worker.onerror = ({ message }) => { for (const { reject } of waiting.values()) reject(new Error(message)); };
worker.onmessage = ({ data }) => {
  const { resolve, reject } = waiting.get(data.id);
  if (data.error) reject(new Error(data.error));
  else resolve(data);
};
window.simulate = (document, options) => new Promise((resolve, reject) => {
  const id = waiting.size;
  waiting.set(id, { resolve, reject });
  worker.postMessage({ id, document, options });
});
`;
const HTML =
  '<!doctype html><meta charset="utf-8"><title>heddle</title><script type="module" src="./main.js"></script>';

/** What pages need, to share memory with their workers; and the strictest policy that allows it. */
const ISOLATED = {
  "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const folder = mkdtempSync(join(tmpdir(), "heddle-"));
const source = join(folder, "source");
let browser: Browser | undefined;
const servers: FileServer[] = [];

beforeAll(async () => {
  mkdirSync(join(source, "node_modules"), { recursive: true });
  symlinkSync(ROOT, join(source, "node_modules/heddle"));
  writeFileSync(join(source, "package.json"), '{ "type": "module" }');
  writeFileSync(join(source, "worker.js"), WORKER);
  writeFileSync(join(source, "main.js"), PAGE);
  writeFileSync(join(source, "index.html"), HTML);
  if (CHROMIUM !== undefined) browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  await Promise.all(servers.map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function pageOf(files: string, headers: Record<string, string>) {
  const server = await serveFiles(files, headers);
  servers.push(server);
  const page = await browser!.newPage();
  await page.goto(server.url);
  await page.waitForFunction("window.simulate");
  return page;
}

/** What the page's worker answers. */
interface Ran {
  readonly digest: string;
  readonly threads: number;
}

function simulateIn(page: Page, document: unknown, options: { readonly threads: number }): Promise<Ran> {
  const call = `simulate(${JSON.stringify(document)}, ${JSON.stringify(options)})`;
  return page.evaluate(call) as Promise<Ran>;
}

async function withEsbuild(): Promise<string> {
  const out = join(folder, "esbuild");
  const { warnings } = await esbuild({
    ...{ absWorkingDir: source, entryPoints: ["main.js", "worker.js"], outdir: out },
    ...{ bundle: true, format: "esm", platform: "browser", logLevel: "silent" },
  });
  expect(warnings).toEqual([]);
  writeFileSync(join(out, "index.html"), HTML);
  return out;
}

async function withVite(): Promise<string> {
  const out = join(folder, "vite");
  await vite({ root: source, logLevel: "silent", build: { outDir: out, emptyOutDir: true } });
  return out;
}

if (CHROMIUM === undefined) console.log("not run: the package in a page: there is no Chromium on this machine");

describe.skipIf(CHROMIUM === undefined)("in a page", () => {
  test("bundled with esbuild, isolated, with threads: as in Node", async () => {
    const page = await pageOf(await withEsbuild(), ISOLATED);
    for (const [name, document] of Object.entries(SCENARIOS)) {
      for (const threads of [1, 2]) {
        const { engine } = await simulate(document, { threads });
        const there = await simulateIn(page, document, { threads });
        expect({ name, ...there }).toMatchObject({ name, digest: engine.digest, threads: engine.threads });
      }
    }
  });

  test("bundled with vite, not isolated: one thread, as in Node", async () => {
    const page = await pageOf(await withVite(), {});
    for (const [name, document] of Object.entries(SCENARIOS)) {
      const here = await simulate(document);
      const there = await simulateIn(page, document, { threads: 2 });
      expect({ name, ...there }).toMatchObject({ name, digest: here.engine.digest, threads: 1 });
    }
  });
});

test("no module for pages asks for Node", async () => {
  const { warnings, errors } = await esbuild({
    ...{ absWorkingDir: source, entryPoints: ["worker.js"], write: false, bundle: true, format: "esm" },
    ...{ platform: "neutral", conditions: ["browser"], logLevel: "silent" },
  });
  expect({ warnings, errors }).toEqual({ warnings: [], errors: [] });
});
