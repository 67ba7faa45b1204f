/** A run in a worker, as the page sees it. */
import type { ResultDocument, ScenarioIssue } from "heddle";
import type { Frame, FromSimulator, ToSimulator } from "../worker/protocol.js";
import { Frames } from "./frames.js";

/** What the worker says of a run when it has begun. */
export type Started = Omit<Extract<FromSimulator, { kind: "started" }>, "kind" | "stepNs">;

/** Frames that are made where somebody looks closer. */
const FINER = 240;

/** What happened to a run; `frame` comes often. */
export type RunEvent = "started" | "frame" | "ended" | "explained" | "failed";

export class Run {
  readonly frames = new Frames();
  started: Started | undefined;
  result: ResultDocument | undefined;
  /** Why the critical path is not known; undefined while nobody has asked. */
  unexplained: string | undefined;
  failure: { readonly message: string; readonly issues: readonly ScenarioIssue[] } | undefined;
  stepNs = 1;
  #asked = false;
  #isExplaining = false;
  readonly #worker: Worker;

  constructor(
    readonly text: string,
    private readonly onEvent: (event: RunEvent, run: Run) => void,
  ) {
    this.#worker = new Worker(new URL("./simulator.js", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<FromSimulator>) => this.#take(data);
    this.#worker.onerror = ({ message }) => this.#fail(`the worker could not run: ${message}`);
    this.#post({ kind: "start", text });
  }

  /** Whether all frames are there. */
  get isOver(): boolean {
    return this.result !== undefined || this.failure !== undefined;
  }

  get isExplaining(): boolean {
    return this.#isExplaining;
  }

  frameAt(ns: number): Frame | undefined {
    return this.frames.at(ns);
  }

  /** Asks for finer frames of a span, unless they are there or on their way. */
  lookCloser(fromNs: number, toNs: number): void {
    if (this.#asked || !this.isOver || this.failure !== undefined || this.frames.isFine(fromNs, toNs)) return;
    this.#asked = true;
    this.#post({ kind: "closer", fromNs, toNs, count: FINER });
  }

  explain(): void {
    if (this.#isExplaining || this.result === undefined) return;
    this.#isExplaining = true;
    this.#post({ kind: "explain" });
  }

  close(): void {
    this.#worker.terminate();
  }

  #post(message: ToSimulator): void {
    this.#worker.postMessage(message);
  }

  #fail(message: string, issues: readonly ScenarioIssue[] = []): void {
    this.failure = { message, issues };
    this.onEvent("failed", this);
  }

  #take(message: FromSimulator): void {
    switch (message.kind) {
      case "started":
        this.started = message;
        this.stepNs = message.stepNs;
        this.onEvent("started", this);
        break;
      case "frame":
        this.frames.add(message.frame);
        this.onEvent("frame", this);
        break;
      case "thin":
        this.stepNs = message.stepNs;
        this.frames.thin();
        break;
      case "closer":
        this.#asked = false;
        this.frames.setFiner(message.frames);
        break;
      case "ended":
        this.result = message.result;
        this.onEvent("ended", this);
        break;
      case "explained":
        this.#isExplaining = false;
        this.result = message.result;
        this.onEvent("explained", this);
        break;
      case "unexplained":
        this.#isExplaining = false;
        this.unexplained = message.message;
        this.onEvent("explained", this);
        break;
      case "failed":
        this.#fail(message.message, message.issues);
        break;
    }
  }
}
