import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leafDeliveryPs } from "../model/support.js";
import { expectNoSurprise, faultOf, read, run } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 200);
const RING = readFileSync("test/data/imports/ring.goal", "utf8");
const one = (text: string) => ({ "x.goal": text });
const ranks = (...blocks: string[]) =>
  one(`num_ranks ${blocks.length}\n${blocks.map((block, r) => `rank ${r} {\n${block}\n}\n`).join("")}`);

/** Of messages of whole packets. */
const wayPs = (bytes: number) => leafDeliveryPs(bytes / 4096);

describe("GOAL", () => {
  test("takes what its messages take, one after the other", async () => {
    const { programs, status } = await run("goal", one(RING));
    expect(status).toBe("finished");
    const [one_, two] = [wayPs(65536), wayPs(131072)];
    const start = 1_000_000;
    expect([...programs!.ranks.finishPs]).toEqual([
      start + 2 * one_ + 2 * two,
      start + one_,
      start + 2 * one_,
      start + 2 * one_ + two,
    ]);
  });

  test("takes 2o + L + (s-1)G for a message: overheads of the cpus at both ends", async () => {
    const files = ranks("send 4096b to 1", "recv 4096b from 0");
    const { programs } = await run("goal", files, { overhead: "2us", overheadPerByte: 1 });
    const oPs = 2_000_000 + 4095;
    // A send ends after its overhead, whatever the network does.
    expect([...programs!.ranks.finishPs]).toEqual([oPs, 2 * oPs + wayPs(4096)]);
  });

  test("lets senders of large messages wait for the receiver", async () => {
    const files = ranks(
      "a: send 8192b to 1\nb: calc 1\nb requires a",
      "c: calc 50000\nr: recv 8192b from 0\nr requires c",
    );
    const eager = await run("goal", files, { rendezvous: "8KiB" });
    expect([...eager.programs!.ranks.finishPs]).toEqual([1000, 50_000_000]);
    const late = await run("goal", files, { rendezvous: "4KiB" });
    expect(late.programs!.ranks.finishPs[0]).toBeGreaterThan(50_000_000);
    expect(late.programs!.ranks.finishPs[1]).toBe(late.programs!.ranks.finishPs[0]! - 1000 + wayPs(8192));
  });

  test("has a cpu do one thing at a time, the first that is ready", async () => {
    const { programs } = await run(
      "goal",
      ranks("calc 5\ncalc 7\ncalc 9 cpu 1", "a: calc 4\nb: calc 1\nb irequires a"),
    );
    expect([...programs!.ranks.finishPs]).toEqual([12_000, 5_000]);
  });

  test("does not wait for what stands earlier and is not ready", async () => {
    // Rank 0 computes only after a message that rank 1 sends after one from rank 0.
    const files = ranks(
      "in: recv 4096b from 1\nlate: calc 10\nlate requires in\nfirst: calc 20\nout: send 4096b to 1\nout requires first",
      "in: recv 4096b from 0\nout: send 4096b to 0\nout requires in",
    );
    const { programs, status } = await run("goal", files);
    expect(status).toBe("finished");
    expect(programs!.ranks.finishPs[0]).toBe(20_000 + 2 * wayPs(4096) + 10_000);
  });

  test("gives messages to receives of any in the order of their arrival", async () => {
    const files = ranks(
      "a: recv 4096b from -1\nb: calc 3\nb requires a\nc: recv 4096b from -1\nc requires b",
      "w: calc 900\ns: send 4096b to 0 tag 4\ns requires w",
      "send 4096b to 0 tag 5",
    );
    // A receive of any tag takes all tags; without a tag it is tag 0.
    await expect(faultOf("goal", files)).resolves.toMatch(
      /x\.goal:11:1: no receive of rank 0 takes this message of 4096 B/,
    );
    const any = one(files["x.goal"].replaceAll("from -1", "from -1 tag -1"));
    const { programs } = await run("goal", any);
    expect(programs!.ranks.finishPs[0]).toBe(900_000 + wayPs(4096));
  });

  test("ends as stuck where ranks wait for each other", async () => {
    const files = ranks(
      "r: recv 8b from 1\ns: send 8b to 1\ns requires r",
      "r: recv 8b from 0\ns: send 8b to 0\ns requires r",
    );
    expect((await run("goal", files)).status).toBe("stuck");
  });

  test.each([
    ["", /the file is empty/],
    ["num_ranks 0\n", /1:1: num_ranks is 0; write 1 to/],
    ["num_ranks 999999\n", /num_ranks is 999999; write 1 to 131072/],
    ["rank 0 {\n", /1:1: "rank 0 \{" is not the start of GOAL text/],
    ["num_ranks 1\nrank 1 {\n}\n", /2:1: rank is 1; write 0 to 0/],
    ["num_ranks 1\nrank 0 {\ncalc 5\n", /the file ends inside the block of rank 0/],
    ["num_ranks 1\nrank 0 {\n/* calc 5\n}\n", /ends inside a comment/],
    ["num_ranks 1\nrank 0 {\nbarrier 5\n}\n", /3:1: "barrier 5" is no statement of GOAL/],
    ["num_ranks 1\nrank 0 {\ncalc 5\nl2 requires l1\n}\n", /4:1: there is no label l2 before this line/],
    ["num_ranks 1\nrank 0 {\na: calc 5\na: calc 6\n}\n", /4:1: the label a is there already/],
    [
      "num_ranks 1\nrank 0 {\na: calc 5\nb: calc 6\na requires b\nb requires a\n}\n",
      /[34]:1: this operation of rank 0 waits for itself/,
    ],
    ["num_ranks 1\nrank 0 {\na: calc 5\na requires a\n}\n", /3:1: this operation of rank 0 waits for itself/],
    ["num_ranks 2\nrank 0 {\nsend 8b to 1\n}\n", /3:1: no receive of rank 1 takes this message/],
    [
      "num_ranks 2\nrank 0 {\nrecv 8b from 1\n}\n",
      /3:1: rank 0 receives 8 B from rank 1 with tag 0 once, which sends that 0 times/,
    ],
    [
      "num_ranks 2\nrank 0 {\nsend 8b to 1\n}\nrank 1 {\nrecv 9b from 0\n}\n",
      /there is one of [89] B: write one size at both ends/,
    ],
    ["num_ranks 2\nrank 0 {\nrecv 8b from -1\n}\n", /3:1: no message is left for this receive/],
    ["num_ranks 2\nrank 0 {\nsend 8b to 0\n}\n", /from a rank to itself/],
    ["num_ranks 2\nrank 0 {\nsend 8b to 1 nic 3\n}\n", /3:1: nic 3: a rank has one NIC/],
    ["num_ranks 2\nrank 0 {\nsend 8b to 5\n}\n", /to is 5; write 0 to 1/],
    ["num_ranks 1\nrank 0 {\ncalc 9007199254740993\n}\n", /calc is 9007199254740993/],
    ["num_ranks 1\nrank 0 {\nrank 0 {\n}\n", /a block inside a block/],
  ])("refuses %j", async (text, message) => {
    await expect(faultOf("goal", one(text))).resolves.toMatch(message);
  });

  test("takes nics where told that a rank has one", async () => {
    const { notes } = await read("goal", ranks("send 8b to 1 nic 1", "recv 8b from 0"), { oneNic: true });
    expect(notes).toEqual(["messages of all nics go over the one NIC that a rank has to the fabric"]);
  });

  test("reads a changed file, or refuses it", async () => {
    const { refused } = await expectNoSurprise("goal", one(RING), {}, RUNS);
    expect(refused).toBeGreaterThan(RUNS / 3);
  });
});
