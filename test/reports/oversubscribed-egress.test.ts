import { expect, test } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { readReport } from "../support/reports.js";

const scenario = readReport("oversubscribed-egress");

/** When the flows of each class end, in us. Nothing is lost. */
async function ends(classes: readonly object[]) {
  const result = await simulate({ ...scenario, classes });
  expect(Object.values(result.packets.dropped).reduce((sum, n) => sum + n, 0)).toBe(0);
  const of = (name: string) => result.flows!.filter((flow) => flow.class === name).map(({ fctNs }) => fctNs! / 1000);
  return { three: of("three"), four: of("four") };
}

/** Both flows of a class, within 5 us. */
const near = (us: number) => [expect.closeTo(us, -1), expect.closeTo(us, -1)];

test.each([
  [
    "equal weights share",
    [
      { name: "three", weight: 1 },
      { name: "four", weight: 1 },
    ],
    2613,
    2613,
  ],
  [
    "weights 1:3 give the heavy class three quarters",
    [
      { name: "three", weight: 1 },
      { name: "four", weight: 3 },
    ],
    2613,
    1741,
  ],
  ["priority goes first", [{ name: "three", priority: 1 }, { name: "four" }], 1308, 2613],
])("two lossless classes at a 2:1 egress: %s", async (_name, classes, threeUs, fourUs) => {
  expect(await ends(classes)).toEqual({ three: near(threeUs), four: near(fourUs) });
});
