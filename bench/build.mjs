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

/** Where modules are, in this build and in older ones that it may be compared with. */
const RUN = ["engine/run/run.js", "core/run.js"];
const RESOLVE = ["resolve/resolve.js", "plan/resolve.js"];
const ESTIMATE = ["engine/estimate/index.js", "core/estimate/index.js"];

/** @param {string} dist @returns {Promise<Build>} */
export async function loadBuild(dist) {
  /**
   * The module at the first of these places that exists.
   * @param {string[]} places
   * @returns {Promise<any>}
   */
  const load = async (places) => {
    const path = places.map((file) => resolve(dist, file)).find((file) => existsSync(file));
    return path === undefined ? undefined : import(pathToFileURL(path).href);
  };
  const run = await load(RUN);
  if (run === undefined) throw new Error(`${resolve(dist)} is not the dist directory of a build`);
  const { parseScenario } = await load(["index.js"]);
  const { resolvePlan } = await load(RESOLVE);
  const estimateMemory = (await load(ESTIMATE))?.estimateMemory;
  const estimateMemoryBytes =
    estimateMemory &&
    ((/** @type {any} */ plan, /** @type {number} */ threads) => estimateMemory(plan, threads).totalBytes);
  return { CoreRun: run.CoreRun, parseScenario, resolvePlan, estimateMemoryBytes };
}
