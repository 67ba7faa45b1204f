import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { leafDeliveryPs } from "../model/support.js";
import { expectNoSurprise, faultOf, read, run } from "./support.js";

const RUNS = Number(process.env.HEDDLE_RUNS ?? 200);
const RING = readFileSync("test/data/imports/ring-4.xml", "utf8");
const one = (text: string) => ({ "x.xml": text });

/** Attributes of a step of one chunk. */
const step = (s: number, type: string, src: string, dst: string, more = "") => {
  const [srcbuf, srcoff] = [src[0], src.slice(1)];
  const [dstbuf, dstoff] = [dst[0], dst.slice(1)];
  const places = `srcbuf="${srcbuf}" srcoff="${srcoff}" dstbuf="${dstbuf}" dstoff="${dstoff}"`;
  return `<step s="${s}" type="${type}" ${places} cnt="1" ${more}/>`;
};

/** All-gather of two: each copies its own chunk, sends it, and receives the other's. */
const gather = (more = "") =>
  one(`<algo name="g" proto="Simple" nchannels="1" nchunksperloop="2" ngpus="2" coll="allgather" inplace="0" outofplace="1">
${[0, 1]
  .map(
    (r) => `<gpu id="${r}" i_chunks="1" o_chunks="2" s_chunks="0">
<tb id="0" send="-1" recv="-1" chan="0">${step(0, "cpy", "i0", `o${r}`, 'hasdep="1"')}</tb>
<tb id="1" send="${1 - r}" recv="${1 - r}" chan="0">${step(0, "s", `o${r}`, `o${r}`, 'depid="0" deps="0"')}
${step(1, "r", `o${1 - r}`, `o${1 - r}`)}${more}</tb></gpu>`,
  )
  .join("\n")}
</algo>`);

describe("algorithms of MSCCL", () => {
  test("take what a ring takes: 2(n-1) steps", async () => {
    const { programs, status } = await run("msccl", one(RING), { size: "256KiB" });
    expect(status).toBe("finished");
    expect([...programs!.ranks.finishPs]).toEqual(Array(4).fill(6 * leafDeliveryPs(16)));
  });

  test("go in rounds where chunks are larger than may be, and take time for reductions", async () => {
    const whole = await run("msccl", one(RING), { size: "256KiB", chunk: "32KiB", reduce: "5us" });
    // Two rounds in one; on the way there are three reductions.
    expect([...whole.programs!.ranks.finishPs]).toEqual(Array(4).fill(2 * 6 * leafDeliveryPs(8) + 2 * 3 * 5_000_000));
  });

  test("wait for steps of other threadblocks", async () => {
    const { programs } = await run("msccl", gather(), { size: "8KiB", copy: "3us" });
    expect([...programs!.ranks.finishPs]).toEqual(Array(2).fill(3_000_000 + leafDeliveryPs(1)));
  });

  test("are known by name where the outcome is not, or the protocol has no part", async () => {
    const custom = RING.replace("allreduce", "custom").replace("Simple", "LL128");
    const { notes, ranks } = await read("msccl", one(custom), { size: "1MiB" });
    expect(ranks).toBe(4);
    expect(notes).toEqual([
      'proto="LL128" has no part in it: bytes are sent as they are',
      'what "custom" promises is not known: the outcome was not checked',
    ]);
  });

  const changed = (from: string | RegExp, to: string) => one(RING.replace(from, to));
  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      "an unknown step",
      changed('type="rrs"', 'type="rrz"'),
      /x\.xml:6:\d+: <step>: type is "rrz"; supported: s, r, rcs/,
    ],
    ["an unknown attribute", changed('srcbuf="i"', 'srcbuff="i"'), /there is no attribute "srcbuff"/],
    ["an unknown element", changed("</algo>", "<op/></algo>"), /<op>: no element of MSCCL/],
    ["a missing gpu", changed('ngpus="4"', 'ngpus="5"'), /gpu 4 of 5 is missing/],
    [
      "a peer that is not there",
      changed('send="1"', 'send="9"'),
      /<tb>: send is "9"; write a whole number from -1 to 3/,
    ],
    ["a chunk that is not there", changed('srcoff="3"', 'srcoff="7"'), /1 chunks at 7 of buffer i, which has 4/],
    ["a step out of order", changed(' s="1"', ' s="2"'), /s is 2; steps of a tb are numbered from 0/],
    ["a receive too many", changed(/\n.*type="s" .*/, ""), /numbered from 0/],
    [
      "a sum of different chunks",
      changed('type="rrs" srcbuf="i" srcoff="3"', 'type="rrs" srcbuf="i" srcoff="2"'),
      /x\.xml:6:\d+: adds what does not belong together/,
    ],
    [
      "an outcome that is wrong",
      changed('type="rrcs"', 'type="rrs"'),
      /gpu 0 ends without chunk 1 of what allreduce promises/,
    ],
    [
      "reads of what was not written",
      one(gather()["x.xml"].replace('type="s" srcbuf="o" srcoff="0"', 'type="s" srcbuf="o" srcoff="1"')),
      /reads chunk 1 of buffer o of gpu 0, which nothing was written to/,
    ],
    [
      "a wait for nothing",
      one(gather()["x.xml"].replace('deps="0"', 'deps="3"')),
      /waits for step 3 of tb 0, which has 1/,
    ],
    [
      "a cycle",
      one(gather()["x.xml"].replace('type="cpy"', 'depid="1" deps="1" type="cpy"')),
      /waits here for step 1 of tb 1 that never comes/,
    ],
    ["a DTD", one(`<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${RING}`), /has a DTD; take it out/],
    ["an entity", changed('name="ring"', 'name="&boom;"'), /not well-formed XML: undefined entity/],
    ["a file that was cut off", one(RING.slice(0, 700)), /not well-formed XML/],
    ["an empty file", one(""), /x\.xml/],
    [
      "a step without an end",
      one(`<algo name="${"x".repeat(300_000)}`),
      /longer than 65536 characters|not well-formed/,
    ],
    ["too many chunks", changed('i_chunks="4"', 'i_chunks="1048577"'), /i_chunks is "1048577"/],
  ])("are refused with %s", async (_, files, message) => {
    await expect(faultOf("msccl", files, { size: "1MiB" })).resolves.toMatch(message);
  });

  test("are read or refused where they were changed", async () => {
    const { refused } = await expectNoSurprise("msccl", one(RING), { size: "1MiB" }, RUNS);
    expect(refused).toBeGreaterThan(RUNS / 3);
  });
});
