/**
 * What platform.ts gives, for the bundle for pages (scripts/bundle-browser.mjs): the cores and the
 * worker's code are in the bundle itself, so that no bundler and no server has to know of files
 * beside it.
 */
import type { Member } from "./member.js";
import type { CoreFile } from "./platform.js";

export type { Member } from "./member.js";
export type { CoreFile } from "./platform.js";

/** Decoded when a run asks for them, not when the page loads. */
const CORES: Record<CoreFile, () => Promise<{ default: Uint8Array<ArrayBuffer> }>> = {
  "core.wasm": () => import("./core.wasm"),
  "core.shared.wasm": () => import("./core.shared.wasm"),
  "core.lean.wasm": () => import("./core.lean.wasm"),
  "core.lean.shared.wasm": () => import("./core.lean.shared.wasm"),
};

/** The bytes of a core. */
export async function readShipped(file: CoreFile): Promise<BufferSource> {
  return (await CORES[file]()).default;
}

/** A thread that works on runs. Pages with a content policy allow `worker-src blob:` for it. */
export async function createMember(): Promise<Member> {
  const { default: code } = await import("./worker.js?bundled");
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener("message", ({ data }) => listener(data)),
    onError: (listener) =>
      worker.addEventListener("error", ({ message }) => listener(new Error(message || "a worker could not start"))),
    release: () => {},
    end: async () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
