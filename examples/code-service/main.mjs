// A service that answers over HTTP how long an all-reduce takes. It listens on the loopback only.
// `--serve` keeps it running; without it, it asks itself four questions, and ends.
import { once } from "node:events";
import { createServer } from "node:http";
import { ScenarioError, Simulator } from "heddle";

const MAX_GPUS = 64;
const DEADLINE_MS = 10_000;

const simulator = new Simulator();

/** @param {URLSearchParams} query `gpus` and `size` */
function scenarioOf(query) {
  const gpus = Number(query.get("gpus") ?? 8);
  if (!(gpus <= MAX_GPUS)) throw new RangeError(`gpus is ${query.get("gpus")}; this service takes up to ${MAX_GPUS}`);
  return /** @type {const} */ ({
    topology: { kind: "leaf-spine", gpus, gpusPerNode: 1, radix: 16 },
    workload: { kind: "collective", algorithm: "ring", size: query.get("size") ?? "64KiB" },
  });
}

/**
 * @param {URL} url
 * @param {AbortSignal} signal
 */
async function answer({ pathname, searchParams }, signal) {
  if (pathname !== "/all-reduce") return { code: 404, body: { error: "ask for /all-reduce?gpus=8&size=64KiB" } };
  try {
    const { status, jctNs, engine } = await simulator.simulate(scenarioOf(searchParams), { signal });
    if (jctNs === null) return { code: 503, body: { error: `the run ended as ${status}` } };
    return { code: 200, body: { jctNs, digest: engine.digest } };
  } catch (cause) {
    if (cause instanceof ScenarioError || cause instanceof RangeError) {
      return { code: 400, body: { error: cause.message } };
    }
    // The details are for the service's own log, not for those who ask.
    console.error(cause);
    return { code: 500, body: { error: "the simulation failed" } };
  }
}

/**
 * @param {string | undefined} method
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function replyTo(method, url, signal) {
  if (method !== "GET") return { code: 405, body: { error: "ask by GET" } };
  if (!URL.canParse(url, "http://127.0.0.1")) return { code: 400, body: { error: "this is no path" } };
  return answer(new URL(url, "http://127.0.0.1"), signal);
}

const server = createServer(async ({ method, url = "/" }, response) => {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const { code, body } = await replyTo(method, url, signal);
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
});

server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("the service has no port");
const origin = `http://127.0.0.1:${address.port}`;

if (process.argv.includes("--serve")) {
  console.log(`listening on ${origin}`);
} else {
  for (const path of [
    "/all-reduce?gpus=8&size=64KiB",
    "/all-reduce?gpus=32&size=1MiB",
    "/all-reduce?gpus=8&size=big",
    "/all-reduce?gpus=1000",
  ]) {
    const reply = await fetch(`${origin}${path}`);
    console.log(`${path}\n  ${reply.status} ${await reply.text()}`);
  }
  server.closeAllConnections();
  server.close();
}
