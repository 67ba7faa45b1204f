// A routing policy as a function, beside two that are built in.
import { simulate } from "heddle";

const scenario = /** @type {const} */ ({
  topology: { kind: "leaf-spine", gpus: 32, gpusPerNode: 1, radix: 16 },
  workload: { kind: "flows", pattern: "permutation", size: "1MiB" },
});

/**
 * The next hops of a group in turn, whatever waits at them.
 * @param {import("heddle").Decision} decision
 */
function inTurn(decision) {
  const turn = decision.groupState(0);
  decision.setGroupState(0, turn + 1);
  return turn % decision.count;
}

for (const policy of /** @type {const} */ (["ecmp", "adaptive"])) {
  const { jctNs, engine } = await simulate({ ...scenario, routing: { policy } });
  console.log(`${policy}: ${jctNs} ns, digest ${engine.digest}`);
}
const { jctNs, policies, engine } = await simulate({ ...scenario, routing: { policy: "custom" } }, { policy: inTurn });
console.log(`${policies.module}: ${jctNs} ns, digest ${engine.digest}`);
