/** Asks a worker of its own whether a text is right. */
import type { ScenarioIssue } from "heddle";
import type { FromChecker, ToChecker } from "../worker/protocol.js";
import type { Schema } from "./schema.js";

export interface Checked {
  readonly errors: readonly ScenarioIssue[];
  readonly warnings: readonly ScenarioIssue[];
}

export class Checker {
  readonly #waiting = new Map<number, (answer: FromChecker) => void>();
  readonly #worker = new Worker(new URL("./checker.js", import.meta.url), { type: "module" });
  #count = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromChecker>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    };
  }

  async check(text: string): Promise<Checked> {
    return (await this.#ask({ kind: "check", id: this.#count++, text })) as Checked & FromChecker;
  }

  async schema(): Promise<Schema> {
    const answer = await this.#ask({ kind: "schema", id: this.#count++ });
    return (answer as { readonly schema: Schema }).schema;
  }

  #ask(message: ToChecker): Promise<FromChecker> {
    return new Promise((resolve) => {
      this.#waiting.set(message.id, resolve);
      this.#worker.postMessage(message);
    });
  }
}
