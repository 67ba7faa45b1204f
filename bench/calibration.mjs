// A fixed loop of integer work and cache-missing loads, in WebAssembly: what one figure of another
// day is compared by.
import { geometricMean, median } from "./statistics.mjs";

const SOURCE = `
const WORDS: u32 = 1 << 24;
export function fill(): void {
  const pages = <i32>((WORDS * 4 + 65535) >> 16) + 1;
  memory.grow(pages);
  // A single cycle through all words (Sattolo's shuffle), so that every load depends on the one
  // before.
  for (let i: u32 = 0; i < WORDS; i++) store<u32>(65536 + i * 4, i);
  let seed: u32 = 1;
  for (let i: u32 = WORDS - 1; i > 0; i--) {
    seed = seed * 1664525 + 1013904223;
    const j = <u32>((<u64>seed * i) >> 32);
    const t = load<u32>(65536 + i * 4);
    store<u32>(65536 + i * 4, load<u32>(65536 + j * 4));
    store<u32>(65536 + j * 4, t);
  }
}
export function misses(steps: u32): u32 {
  let at: u32 = 0;
  for (let i: u32 = 0; i < steps; i++) at = load<u32>(65536 + at * 4);
  return at;
}
export function integers(steps: u32): u32 {
  let x: u32 = 1;
  for (let i: u32 = 0; i < steps; i++) {
    x ^= x >> 16; x *= 0x7feb352d; x ^= x >> 15; x *= 0x846ca68b; x ^= x >> 16; x += i;
  }
  return x;
}
`;

const MISSES = 2_000_000;
const INTEGERS = 50_000_000;

/**
 * How fast the machine is, in ns of CPU time.
 * @typedef {object} Pace
 * @property {number} missNs Per dependent load that misses the caches.
 * @property {number} hashNs Per 32-bit hash.
 */

/** @typedef {Pace & { probes: Pace[] }} Calibration Medians, and what they are of. */

export class Calibrator {
  #core;
  /** @type {Pace[]} */
  #probes = [];

  /** @param {any} core */
  constructor(core) {
    this.#core = core;
  }

  static async create() {
    // Not for those who only compare documents: it takes most of a second.
    const { default: asc } = await import("assemblyscript/asc");
    const { error, binary } = await asc.compileString(SOURCE, { optimizeLevel: 3, runtime: "stub" });
    if (error || !binary) throw error ?? new Error("the calibration does not compile");
    const { instance } = await WebAssembly.instantiate(/** @type {any} */ (binary), {});
    const core = /** @type {any} */ (instance.exports);
    core.fill();
    core.misses(MISSES);
    core.integers(INTEGERS);
    return new Calibrator(core);
  }

  /** Half a second of work. To be called between scenarios: the pace changes while they run. */
  probe() {
    this.#probes.push({
      missNs: cpuNs(() => this.#core.misses(MISSES)) / MISSES,
      hashNs: cpuNs(() => this.#core.integers(INTEGERS)) / INTEGERS,
    });
  }

  /** @returns {Calibration} */
  get calibration() {
    const probes = this.#probes;
    return {
      missNs: median(probes.map(({ missNs }) => missNs)),
      hashNs: median(probes.map(({ hashNs }) => hashNs)),
      probes,
    };
  }
}

/**
 * One figure of both: the core waits for memory about as much as it computes.
 * @param {Pace} pace
 */
export function paceNs({ missNs, hashNs }) {
  return geometricMean([missNs, hashNs]);
}

/** @param {() => void} work */
function cpuNs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}
