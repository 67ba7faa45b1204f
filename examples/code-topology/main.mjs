// A fabric made by code: a ring of switches with two hosts at each, and what a chord is worth.
import { describeTopology, simulate } from "heddle";

const SWITCHES = 8;
const switches = Array.from({ length: SWITCHES }, (_, i) => `s${i}`);
const hosts = switches.flatMap((_, i) => [`h${2 * i}`, `h${2 * i + 1}`]);

/** @param {number} chords links across the ring */
function scenarioOf(chords) {
  const links = [
    ...hosts.map((a, i) => ({ a, b: switches[i >> 1] ?? "", rate: "400Gbps" })),
    ...switches.map((a, i) => ({ a, b: switches[(i + 1) % SWITCHES] ?? "", rate: "400Gbps" })),
    ...switches.slice(0, chords).map((a, i) => ({ a, b: switches[i + SWITCHES / 2] ?? "", rate: "400Gbps" })),
  ];
  return /** @type {const} */ ({
    topology: { kind: "custom", hosts, switches: switches.map((name) => ({ name })), links },
    workload: { kind: "flows", pattern: "all-to-all", size: "256KiB" },
  });
}

for (const chords of [0, 2, 4]) {
  const scenario = scenarioOf(chords);
  const { counts } = describeTopology(scenario);
  const { jctNs, status, engine } = await simulate(scenario);
  console.log(`${chords} chords, ${counts.switches} switches: ${status} in ${jctNs} ns, digest ${engine.digest}`);
}
