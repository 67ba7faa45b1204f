/**
 * Commander loads Node's module for child processes, for programs whose commands are files. Those
 * that are shown in help are not started, so it is loaded at the first use: it takes 2 ms.
 */
export const withoutChildProcess = {
  name: "without-child-process",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/, namespace: "file" }, ({ path }) => ({ path, namespace: "when-used" }));
    onLoad({ filter: /.*/, namespace: "when-used" }, () => ({
      contents: "exports.spawn = (...args) => require('child_process').spawn(...args);",
    }));
  },
};
