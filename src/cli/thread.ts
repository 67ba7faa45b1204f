/** First module of the command's thread. */
import { workerData } from "node:worker_threads";
import type { CommandData } from "./support/messages.js";
import { loadProgram } from "./support/script.js";

const { entries, keepCode } = loadProgram(import.meta.url, (workerData as CommandData).args);
void entries.runInThread(keepCode);
