// @ts-check
/**
 * What Piscina loads in a worker: it imports the module that `workerData.module` names. CommonJS, because Piscina takes `require` first, and
 * Node aborts the process where a thread is ended while it requires an ES module. Imports may be broken off at any moment.
 */
const { workerData } = require("node:worker_threads");

/** @type {Promise<Record<string, (task: unknown) => unknown>>} */
const module_ = import(workerData.module);
// A worker that cannot start is the end of its pool: not an answer to a task.
module_.catch((error) => {
  setImmediate(() => {
    throw error;
  });
});

/** Settles when the module is there. @param {string} name */
const handler = (name) =>
  module_.then(
    (loaded) => loaded[name],
    () => new Promise(() => {}),
  );

// Without it Piscina would take the whole object for the default export.
Object.defineProperty(exports, "__esModule", { value: true });
exports.default = handler("default");
exports.facts = handler("facts");
exports.estimate = handler("estimate");
