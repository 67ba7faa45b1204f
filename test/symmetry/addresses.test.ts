import { expect, it } from "vitest";
import { addressing, type SmallWay } from "../../src/engine/symmetry/addresses.js";

/** Ways that leave one switch by ports of their own need an address each, from 1 on. */
const ways = (count: number): SmallWay[] =>
  Array.from({ length: count }, (_, port) => ({ switches: [0], ports: [port] }));

it("a smaller fabric has no more addresses than a packet has room for: 2^19", () => {
  // Address 0 is that of ways without a switch.
  const most = addressing(ways(2 ** 19), [1]);
  expect(most).not.toBeNull();
  expect(most).not.toBe("twice");
  expect(addressing(ways(2 ** 19 + 1), [1])).toBeNull();
}, 120_000);
