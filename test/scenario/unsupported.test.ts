import { expect, test } from "vitest";
import { MINIMAL, messagesOf } from "./samples.js";

const refused = (text: string) => messagesOf(text);

test.each([
  ["transport: { congestionControl: { kind: timely, minRtt: 3us } }", "timely", "none, dcqcn, swift, nscc, hpcc, rccc"],
  ["transport: { kind: uec }", "uec", "roce"],
  ["placement: strided", "strided", "packed"],
  ["placement: random", "random", "packed"],
  [
    "routing: { policy: ugal }",
    "ugal",
    "ecmp, ecmp-qp, spray, round-robin, adaptive, adaptive-remote, flowlet, pinned, oblivious, reps, bitmap, mixed, valiant, ugal-l, ugal-g, custom, minimal",
  ],
])("%s is refused", (line, name, supported) => {
  expect(refused(`${MINIMAL}${line}\n`)).toMatch(
    new RegExp(`^3:\\d+: \\S+: ${name} is not supported by this version; supported: ${supported}$`),
  );
});

test("cut-through is refused, with what would do", () => {
  expect(refused(`${MINIMAL}switch: { switching: cut-through }\n`)).toMatch(
    /^3:\d+: switch.switching: cut-through is not supported here: .*leave switching out.*; supported: store-and-forward$/,
  );
});
