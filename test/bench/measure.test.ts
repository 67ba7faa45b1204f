import { describe, expect, it } from "vitest";
import { alternate } from "../../bench/measure.mjs";

async function order(effort: { runs: number; seconds: number }, wallNs = 1e9): Promise<string> {
  let sides = "";
  await alternate(effort, async (side: string) => {
    sides += side;
    return { wallNs, cpuNs: wallNs };
  });
  return sides;
}

describe("two sides", () => {
  it("take turns, each first as often as second", async () => {
    expect(await order({ runs: 4, seconds: 0 })).toBe("abbaabba");
    expect(await order({ runs: 3, seconds: 0 })).toBe("abbaabba");
  });

  it("run more often when they are short", async () => {
    expect(await order({ runs: 2, seconds: 3 }, 1e9)).toBe("abbaabba");
    expect(await order({ runs: 2, seconds: 3 }, 2e9)).toBe("abba");
  });

  it("are returned pair by pair", async () => {
    let count = 0;
    const run = async (side: string) => ({ wallNs: 1, cpuNs: 1, is: side + ++count });
    const { a, b } = await alternate({ runs: 4, seconds: 0 }, run);
    expect(a.map(({ is }: { is: string }) => is)).toEqual(["a1", "a4", "a5", "a8"]);
    expect(b.map(({ is }: { is: string }) => is)).toEqual(["b2", "b3", "b6", "b7"]);
  });
});
