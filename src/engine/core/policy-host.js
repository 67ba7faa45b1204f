// @ts-check
/**
 * Runs a routing policy that is a JavaScript function: shows it the core's decisions, and takes its
 * time now and then. Plain JavaScript, because workers load it as it stands.
 *
 * A policy may keep nothing but the words of state in linear memory. Some decisions, the first ones
 * and then every 128th, are therefore asked twice: first of another instance of the policy, which
 * has seen next to nothing of the run, then of the policy itself. If answers or changes of state
 * differ, the policy depends on something else.
 */

/** @typedef {import("./policy-host.js").CallLayout} CallLayout */
/** @typedef {import("../policy/decision.js").RoutingPolicy} RoutingPolicy */

const CHECKED_FIRST = 32;
const CHECKED_EVERY = 128;
const TIMED_EVERY = 64;
/** A call that takes longer has lost the processor to somebody else for a while. */
const LONGEST_NS = 50_000;
const HASH_STEP = 0x9e3779b1;

/** What a policy did wrong: a `PolicyFault`, and in words. */
class PolicyFailure extends Error {
  /** @param {string} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** The one decision of a thread: reads the record at `call` and the words that it points to. */
class DecisionView {
  /** @type {Uint32Array} */
  u32 = new Uint32Array(0);
  /** @type {Float64Array} */
  f64 = new Float64Array(0);
  /** Index of the record in `u32`. */
  at = 0;
  hasDepths = false;
  /**
   * Where the decision is asked twice: changes of state and draws, as numbers. Of the first time
   * nothing reaches memory.
   * @type {number[] | null}
   */
  log = null;
  isTrial = false;

  /** @param {CallLayout} layout @param {() => void} fillDepths */
  constructor(layout, fillDepths) {
    /** @param {string} name */
    const at = (name) => offsetOf(layout, name) / 4;
    this.fillDepths = fillDepths;
    this.stateWords = layout.stateWords;
    this.groupWords = layout.groupWords;
    this.parameterCount = layout.parameterCount;
    this.parametersAt = layout.parametersAt / 4;
    this.depthsAt = layout.depthsAt / 4;
    this.countAt = at("count");
    this.firstAt = at("first");
    this.listAt = at("list");
    this.switchNumberAt = at("switchNumber");
    this.qpAt = at("qp");
    this.connectionAt = at("connection");
    this.destinationAt = at("destination");
    this.backwardAt = at("backward");
    this.switchWordsAt = at("switchWords");
    this.groupWordsAt = at("groupWords");
    this.hashKeyAt = at("hashKey");
    this.drawKeyAt = at("drawKey");
    this.drawsAt = at("draws");
    this.nowPsAt = at("nowPs");
  }

  get count() {
    return this.u32[this.at + this.countAt];
  }

  get switchNumber() {
    return this.u32[this.at + this.switchNumberAt];
  }

  get qp() {
    return this.u32[this.at + this.qpAt];
  }

  get connection() {
    return this.u32[this.at + this.connectionAt];
  }

  get destination() {
    return this.u32[this.at + this.destinationAt];
  }

  get backward() {
    return this.u32[this.at + this.backwardAt] !== 0;
  }

  get nowPs() {
    return this.f64[(this.at + this.nowPsAt) >>> 1];
  }

  /** @param {number} index */
  port(index) {
    const { u32, at } = this;
    has("candidate", index, u32[at + this.countAt]);
    const list = u32[at + this.listAt];
    return list === 0 ? u32[at + this.firstAt] + index : u32[(list >>> 2) + index];
  }

  /** @param {number} index */
  depth(index) {
    has("candidate", index, this.u32[this.at + this.countAt]);
    if (!this.hasDepths) {
      this.hasDepths = true;
      this.fillDepths();
    }
    return this.u32[this.at + this.depthsAt + index];
  }

  draw() {
    const drawsAt = this.at + this.drawsAt;
    const draws = this.u32[drawsAt];
    this.u32[drawsAt] = draws + 1;
    return mix(this.u32[this.at + this.drawKeyAt] + Math.imul(draws, HASH_STEP));
  }

  /** @param {number} value */
  hash(value) {
    return mix(this.u32[this.at + this.hashKeyAt] + Math.imul(value, HASH_STEP));
  }

  /** @param {number} bits @param {number} n */
  pick(bits, n) {
    return Math.floor(((bits >>> 0) * n) / 4294967296);
  }

  /** @param {number} index */
  parameter(index) {
    has("parameter", index, this.parameterCount);
    return this.u32[this.parametersAt + index];
  }

  /** @param {number} index */
  state(index) {
    has("word of state", index, this.stateWords);
    return this.#read((this.u32[this.at + this.switchWordsAt] >>> 2) + index);
  }

  /** @param {number} index @param {number} value */
  setState(index, value) {
    has("word of state", index, this.stateWords);
    this.#write((this.u32[this.at + this.switchWordsAt] >>> 2) + index, value);
  }

  /** @param {number} index */
  groupState(index) {
    has("word of a group's state", index, this.groupWords);
    return this.#read((this.u32[this.at + this.groupWordsAt] >>> 2) + index);
  }

  /** @param {number} index @param {number} value */
  setGroupState(index, value) {
    has("word of a group's state", index, this.groupWords);
    this.#write((this.u32[this.at + this.groupWordsAt] >>> 2) + index, value);
  }

  /** @param {number} at */
  #read(at) {
    const { log } = this;
    if (this.isTrial && log !== null) {
      for (let i = log.length - 2; i >= 0; i -= 2) if (log[i] === at) return log[i + 1];
    }
    return this.u32[at];
  }

  /** @param {number} at @param {number} value */
  #write(at, value) {
    this.log?.push(at, value >>> 0);
    if (!this.isTrial) this.u32[at] = value;
  }
}

/**
 * What a policy gets to see of a `DecisionView`: the functions of its interface, and no way to the
 * memory behind them. It cannot be written to, so that a policy keeps nothing there.
 */
class PolicyDecision {
  /** @type {DecisionView} */
  #view;

  /** @param {DecisionView} view */
  constructor(view) {
    this.#view = view;
    Object.freeze(this);
  }

  get count() {
    return this.#view.count;
  }

  get switchNumber() {
    return this.#view.switchNumber;
  }

  get qp() {
    return this.#view.qp;
  }

  get connection() {
    return this.#view.connection;
  }

  get destination() {
    return this.#view.destination;
  }

  get backward() {
    return this.#view.backward;
  }

  get nowPs() {
    return this.#view.nowPs;
  }

  /** @param {number} index */
  port(index) {
    return this.#view.port(index);
  }

  /** @param {number} index */
  depth(index) {
    return this.#view.depth(index);
  }

  draw() {
    return this.#view.draw();
  }

  /** @param {number} value */
  hash(value) {
    return this.#view.hash(value);
  }

  /** @param {number} bits @param {number} n */
  pick(bits, n) {
    return this.#view.pick(bits, n);
  }

  /** @param {number} index */
  parameter(index) {
    return this.#view.parameter(index);
  }

  /** @param {number} index */
  state(index) {
    return this.#view.state(index);
  }

  /** @param {number} index @param {number} value */
  setState(index, value) {
    return this.#view.setState(index, value);
  }

  /** @param {number} index */
  groupState(index) {
    return this.#view.groupState(index);
  }

  /** @param {number} index @param {number} value */
  setGroupState(index, value) {
    return this.#view.setGroupState(index, value);
  }
}
Object.freeze(PolicyDecision.prototype);

export class PolicyHost {
  /** What two looks at the clock take by themselves. */
  #clockNs = clockNs();

  /**
   * @param {WebAssembly.Memory} memory
   * @param {RoutingPolicy} policy
   * @param {RoutingPolicy} again another instance of the same policy
   */
  constructor(memory, policy, again) {
    this.memory = memory;
    this.policy = policy;
    this.again = again;
  }

  /**
   * Tells where in memory decisions are, once the core has laid that out.
   * @param {CallLayout} layout
   * @param {() => void} fillDepths
   */
  bind(layout, fillDepths) {
    this.layout = layout;
    this.callsAt = offsetOf(layout, "calls") / 8;
    this.view = new DecisionView(layout, fillDepths);
    this.decision = new PolicyDecision(this.view);
  }

  /**
   * What the core imports as `choose`.
   * @param {number} address of the record
   */
  decide(address) {
    const { view } = this;
    const call = address >>> 0;
    // Memory that grew has a new buffer; the old one of a memory that is not shared is empty then.
    if (view.u32.length * 4 < call + this.layout.bytes) {
      view.u32 = new Uint32Array(this.memory.buffer);
      view.f64 = new Float64Array(this.memory.buffer);
    }
    view.at = call >>> 2;
    view.hasDepths = false;
    const calls = ++view.f64[(call >>> 3) + this.callsAt];
    try {
      let index;
      if (calls <= CHECKED_FIRST || calls % CHECKED_EVERY === 0) index = this.#checked();
      else if (calls % TIMED_EVERY === TIMED_EVERY / 2) index = this.#timed(call);
      else index = this.policy(this.decision);
      if (index >>> 0 === index && index < view.count) return index;
      throw new PolicyFailure("Index", `it returned ${String(index)}, and there are ${view.count} candidates`);
    } catch (error) {
      this.#fail(
        call,
        error instanceof PolicyFailure ? error : new PolicyFailure("Thrown", `it threw ${String(error)}`),
      );
      return -1;
    }
  }

  /** @param {number} call */
  #timed(call) {
    const { view, layout } = this;
    const before = performance.now();
    const index = this.policy(this.decision);
    const ns = (performance.now() - before) * 1e6 - this.#clockNs;
    view.f64[(call + offsetOf(layout, "timedCalls")) / 8]++;
    view.f64[(call + offsetOf(layout, "timedNs")) / 8] += Math.min(ns, LONGEST_NS);
    return index;
  }

  /** Asks twice: the first answer leaves no trace. */
  #checked() {
    const { view } = this;
    const drawsAt = view.at + view.drawsAt;
    const draws = view.u32[drawsAt];
    try {
      view.isTrial = true;
      view.log = [];
      const expected = this.again(this.decision);
      const changes = [...view.log, view.u32[drawsAt]];
      view.u32[drawsAt] = draws;
      view.isTrial = false;
      view.log = [];
      const index = this.policy(this.decision);
      const actual = [...view.log, view.u32[drawsAt]];
      if (
        Object.is(index, expected) &&
        actual.length === changes.length &&
        actual.every((word, i) => word === changes[i])
      )
        return index;
      const how = Object.is(index, expected)
        ? "changed its state in two ways"
        : `decided for ${expected} and for ${index}`;
      throw new PolicyFailure(
        "Impure",
        `it keeps something between decisions that is not a word of state: asked twice, it ${how}`,
      );
    } finally {
      view.isTrial = false;
      view.log = null;
    }
  }

  /**
   * Tells the core, and leaves a message where no earlier failure has.
   * @param {number} call @param {PolicyFailure} failure
   */
  #fail(call, { kind, message }) {
    const { view, layout } = this;
    /** @param {string} name */
    const at = (name) => (call + offsetOf(layout, name)) / 4;
    view.u32[at("fault")] = layout.faults[kind];
    const failedAtPs = view.f64[at("failedAtPs") / 2];
    const isLater =
      failedAtPs < view.nowPs || (failedAtPs === view.nowPs && view.u32[at("failedSwitch")] <= view.switchNumber);
    if (view.u32[at("failure")] !== 0 && isLater) return;
    // Text cannot be encoded into shared memory everywhere.
    const bytes = new TextEncoder().encode(message).subarray(0, layout.depthsAt - layout.textAt);
    new Uint8Array(this.memory.buffer).set(bytes, call + layout.textAt);
    view.u32[at("textBytes")] = bytes.length;
  }
}

/** @param {CallLayout} layout @param {string} name */
function offsetOf(layout, name) {
  return layout.fields[name].offset;
}

/**
 * @param {string} url
 * @returns {Promise<[RoutingPolicy, RoutingPolicy]>}
 */
export async function importPolicy(url) {
  // A module is evaluated once for each URL.
  const modules = await Promise.all([url, `${url}#again`].map((each) => import(/* @vite-ignore */ each)));
  const [policy, again] = modules.map(({ choose }) => choose);
  if (typeof policy !== "function") throw new TypeError("it exports no function of the name choose");
  return [policy, again];
}

/** @param {string} what @param {number} index @param {number} count */
function has(what, index, count) {
  if (index >>> 0 === index && index < count) return;
  throw new PolicyFailure("Asked", `it asked for ${what} ${String(index)}, and there are ${count}`);
}

/** The mixer of assembly/random/hash.ts. @param {number} value */
function mix(value) {
  let x = value | 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

function clockNs() {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200; i++) {
    const before = performance.now();
    least = Math.min(least, (performance.now() - before) * 1e6);
  }
  return Number.isFinite(least) ? least : 0;
}
