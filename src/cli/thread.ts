/** First module of the command's thread. */
import { workerData } from "node:worker_threads";
import { loadProgram } from "./script.js";
import type { CommandData } from "./support/messages.js";

const { entries, keepCode } = loadProgram(import.meta.url, (workerData as CommandData).args);
void entries.runInThread(keepCode);
