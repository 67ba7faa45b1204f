import { expect, test } from "vitest";
import { MINIMAL, messagesOf } from "./samples.js";

const refused = (text: string) => messagesOf(text);

test.each([
  ["switch: { switching: cut-through }", "cut-through", "store-and-forward"],
  ["transport: { congestionControl: { kind: timely, minRtt: 3us } }", "timely", "none, dcqcn, swift, nscc, hpcc, rccc"],
  ["transport: { kind: uec }", "uec", "roce"],
  ["placement: strided", "strided", "packed"],
  ["placement: random", "random", "packed"],
  ...["minimal", "valiant", "ugal"].map((policy) => [
    `routing: { policy: ${policy} }`,
    policy,
    "ecmp, ecmp-qp, spray, round-robin, adaptive, adaptive-remote, flowlet, pinned, oblivious, reps, bitmap, mixed, custom",
  ]),
])("%s is refused", (line, name, supported) => {
  expect(refused(`${MINIMAL}${line}\n`)).toMatch(
    new RegExp(`^3:\\d+: \\S+: ${name} is not supported by this version; supported: ${supported}$`),
  );
});

test.each(["dragonfly"])("topology %s is refused", (kind) => {
  const text = MINIMAL.replace("leaf-spine", kind);
  expect(refused(text)).toBe(
    `1:19: topology.kind: ${kind} is not supported by this version; supported: leaf-spine, fat-tree, rail-optimized, rail-only, multi-datacenter, custom`,
  );
});

test.each(["trace"])("workload %s is refused", (kind) => {
  const text = MINIMAL.replace("kind: collective", `kind: ${kind}`);
  expect(refused(text)).toBe(
    `2:19: workload.kind: ${kind} is not supported by this version; supported: collective, flows, program, training-step`,
  );
});
