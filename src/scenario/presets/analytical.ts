/** Parameter sets of simulators that compute with formulas, on fabrics without contention. */
import type { Preset } from "../types/preset.js";

/** Nothing on the wire but data, and no time in switches. */
const BARE = {
  wire: { header: "0B", gap: "0B", ack: "1B" },
  switch: { latency: "0ns" },
};

function links(rate: string, latency: string) {
  const level = { rate, latency, fecLatency: "0ns" };
  return { links: { access: level, fabric: level, core: level } };
}

export const ANALYTICAL_PRESETS: readonly Preset[] = [
  {
    name: "astra-sim",
    description:
      "The analytical back end of ASTRA-sim on one switch, at 50 of its GB/s (2^30 bytes) and 500 ns: a message takes latency + size/bandwidth, and a packet's time on the second link.",
    settings: { ...BARE, ...links("50GiBps", "250ns"), nic: { latency: "0ns" } },
  },
  {
    name: "loggopsim",
    description:
      "LogGOPSim with its defaults (L 2500, o 1500, g 1000, G 6.0015 ns, for rates are whole Mb/s) on one switch: a message takes 2o + L + sG, and a packet's time on the second link.",
    settings: {
      ...BARE,
      ...links("1333Mbps", "1250ns"),
      // g - G: the gap is from one message to the next, and a byte's time belongs to it.
      nic: { latency: "1500ns", messageOverhead: "994ns" },
      transport: { kind: "roce", mtu: "256B", window: "unlimited", rto: "1s" },
    },
  },
];
