/** Serves the playground's files and nothing else. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileErrorReason, InputError } from "./failures.js";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/**
 * The page may load its own files, compile the core and start threads. It may connect to nothing,
 * so nothing that it holds can leave. Isolation gives it memory that threads share.
 */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "worker-src 'self' blob:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-cache",
};

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

export interface ServedPage {
  /** Where it is, ending with a slash. */
  readonly url: string;
  close(): Promise<void>;
}

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

/**
 * @param folder that holds the files; those directly in it are served
 * @param port 0 for any that is free
 * @throws InputError where the port or host cannot be had
 */
export async function servePage(folder: URL, host: string, port: number): Promise<ServedPage> {
  const server = createServer((request, response) => {
    answer(folder, host, request, response).catch(() => response.destroy());
  });
  await listening(server, host, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why =
        error.code === "EADDRINUSE" ? "it is in use; write another --port, or 0 for any" : fileErrorReason(error);
      reject(new InputError(`cannot listen on ${host}, port ${port}: ${why}`));
    });
    server.listen(port, host.replace(/^\[|\]$/g, ""), resolve);
  });
}

async function answer(folder: URL, host: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refuse = (status: number) => response.writeHead(status, HEADERS).end();
  if (request.method !== "GET" && request.method !== "HEAD") return void refuse(405);
  // A name of somebody else's that leads here must not be able to read what is served.
  if (isLoopback(host) && !isLoopback(nameOf(request.headers.host))) return void refuse(403);
  const name = /^\/([\w-]+\.(html|js|css))?$/.exec((request.url ?? "/").replace(/\?.*$/, ""));
  if (name === null) return void refuse(404);
  const file = name[1] ?? "index.html";
  try {
    const contents = await readFile(new URL(file, folder));
    response.writeHead(200, {
      ...HEADERS,
      "content-type": TYPES[name[2] ?? "html"]!,
      "content-length": contents.length,
    });
    response.end(request.method === "HEAD" ? undefined : contents);
  } catch {
    refuse(404);
  }
}

/** A host without its port. */
function nameOf(host = ""): string {
  return host.replace(/:\d+$/, "");
}
