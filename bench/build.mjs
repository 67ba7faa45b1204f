// A build of heddle to measure, by its directory: this one's, or another one's to compare it with.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const OWN_DIST = fileURLToPath(new URL("../dist", import.meta.url));

/**
 * What the benchmark needs of a build.
 * @typedef {object} Build
 * @property {any} CoreRun
 * @property {(raw: unknown) => { scenario: any }} parseScenario
 * @property {(scenario: any) => { plan: any }} resolvePlan
 * @property {(plan: any, threads: number) => number} [estimateMemoryBytes]
 */

/** @param {string} dist @returns {Promise<Build>} */
export async function loadBuild(dist) {
  const at = (/** @type {string} */ file) => resolve(dist, file);
  if (!existsSync(at("core/run.js"))) throw new Error(`${resolve(dist)} is not the dist directory of a build`);
  const load = (/** @type {string} */ file) => import(pathToFileURL(at(file)).href);
  const { CoreRun } = await load("core/run.js");
  const { parseScenario } = await load("index.js");
  const { resolvePlan } = await load("plan/resolve.js");
  return { CoreRun, parseScenario, resolvePlan, estimateMemoryBytes: await estimatorOf(at, load) };
}

/** Builds before this one may have none. @param {(file: string) => string} at @param {(file: string) => Promise<any>} load */
async function estimatorOf(at, load) {
  if (!existsSync(at("core/estimate/index.js"))) return undefined;
  const { estimateMemory } = await load("core/estimate/index.js");
  return (/** @type {any} */ plan, /** @type {number} */ threads) => estimateMemory(plan, threads).totalBytes;
}
