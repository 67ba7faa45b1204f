/** Times beyond 2^53 ps, which doubles do not hold exactly. */
import { expect, it } from "vitest";
import { CoreRun } from "../../src/engine/run/run.js";
import { buildPlan } from "../support/network.js";
import type { NetworkSpec } from "../support/network-spec.js";

const LINK = {
  b: 100,
  rateBps: 400000000000,
  propagationPs: 1000,
  fecPs: 0,
  mtuBytes: 1024,
  buffers: { queueLimitBytes: 4294967295 },
};

/** A port without a byte of room for more than one packet: nearly every packet waits for a timeout. */
const SPEC = {
  hosts: [0, 1],
  switches: [
    {
      id: 100,
      lossless: true,
      latencyPs: 600000,
      reserveBytes: 1000,
      alphaShift: 0,
      resumeOffsetBytes: 3072,
      pinDivisor: 1,
      pinSeed: 0,
      bufferBytes: 16288,
      headroomBytes: 2048,
      xoffBytes: 0,
    },
  ],
  links: [
    { a: 0, ...LINK },
    { a: 1, ...LINK },
  ],
  flows: [
    {
      src: 1,
      dst: 0,
      srcNic: 0,
      dstNic: 0,
      bytes: 4194304,
      chunks: 1,
      startPs: 0,
      connection: 0,
      delayPs: 0,
      after: [],
      dataClass: 0,
    },
    {
      src: 0,
      dst: 1,
      srcNic: 0,
      dstNic: 0,
      bytes: 4194304,
      chunks: 1,
      startPs: 0,
      connection: 1,
      delayPs: 0,
      after: [],
      dataClass: 0,
    },
  ],
  seed: 0,
  hostsPerDevice: 1,
  switchesFirst: false,
  wire: { headerBytes: 62, gapBytes: 20, ackBytes: 64, pauseBytes: 64, ackClass: "control", serialization: "round" },
  transport: {
    recovery: "selective",
    windowPackets: 16,
    reorderPackets: 64,
    lostResends: "timeout",
    quietPs: 0,
    ackMarked: false,
    ackEvery: 1,
    rtoPs: 55266876721457,
    mostRtoPs: null,
    retryLimit: 7,
    congestionControl: null,
  },
  routing: {
    policy: "ecmp",
    quantumShift: 18,
    entropies: 1,
    freezePs: 0,
    flowletGapPs: 1,
    flowletEntries: 1,
    groupDivisor: 1,
    remoteEntries: 1,
    noticeQuanta: 1,
    noticeIntervalPs: 1,
  },
  nicLatencyPs: 700000,
  flowControl: {
    release: "end",
    pauseResponsePs: 0,
    trim: false,
    victim: "arriving",
    dropAlphaNum: 1,
    dropAlphaDen: 1,
    credit: { blockBytes: 64, updateBytes: 8, responsePs: 300000 },
  },
} as unknown as NetworkSpec;

async function digestOf(fastForward: false | { share: number; patience: number }): Promise<string> {
  const run = await CoreRun.start(buildPlan(SPEC), { threads: 1, fastForward });
  try {
    while (run.advance(1e6));
    const outcome = run.outcome();
    expect(outcome.endPs).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    return run.digest(outcome);
  } finally {
    await run.close();
  }
}

it("fast-forward does not jump to where times are not exact", async () => {
  expect(await digestOf({ share: 1e9, patience: 2000 })).toBe(await digestOf(false));
});
