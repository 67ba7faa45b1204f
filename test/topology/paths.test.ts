import { expect, test } from "vitest";
import { listedBisectionBps } from "../../src/answer/topology/bisection.js";
import { pathDiversity } from "../../src/answer/topology/paths.js";
import { trafficOf } from "../../src/answer/topology/traffic.js";
import { fabricOf } from "./support-fabric.js";

test("two tiers: pairs under a leaf, and pairs over the spines by every uplink", () => {
  // 8 leaves of 8 GPUs and 8 uplinks, two to each of 4 spines: 4 · 2 · 2 ways.
  const { view } = fabricOf({ kind: "leaf-spine", gpus: 64, radix: 16 });
  expect(pathDiversity(view)).toEqual({
    classes: [
      { switches: 1, links: 2, pairs: 64 * 7, fewestPaths: 1, mostPaths: 1 },
      { switches: 3, links: 4, pairs: 64 * 56, fewestPaths: 16, mostPaths: 16 },
    ],
    diameterLinks: 4,
    apartPairs: 0,
    leaves: { searched: 8, all: 8 },
  });
});

test("a k-ary fat tree has k/2 ways in a pod and (k/2)^2 between pods", () => {
  const { view } = fabricOf({ kind: "fat-tree", gpus: 16, radix: 4, gpusPerNode: 1 });
  const { classes, diameterLinks } = pathDiversity(view);
  expect(classes).toEqual([
    { switches: 1, links: 2, pairs: 16, fewestPaths: 1, mostPaths: 1 },
    { switches: 3, links: 4, pairs: 32, fewestPaths: 2, mostPaths: 2 },
    { switches: 5, links: 6, pairs: 192, fewestPaths: 4, mostPaths: 4 },
  ]);
  expect(diameterLinks).toBe(6);
});

const link = (a: string, b: string, rate: string, count = 1) => ({ a, b, rate, count });

test("the bisection of a listed fabric is its narrow waist", () => {
  const hosts = Array.from({ length: 8 }, (_, i) => `h${i}`);
  const access = hosts.map((host, i) => link(host, `leaf${Math.floor(i / 2)}`, "400Gbps"));
  const pods = [0, 1, 2, 3].map((leaf) => link(`leaf${leaf}`, `top${Math.floor(leaf / 2)}`, "800Gbps", 4));
  const switches = ["leaf0", "leaf1", "leaf2", "leaf3", "top0", "top1"];
  const links = [...access, ...pods, link("top0", "top1", "100Gbps", 3)];
  const { view } = fabricOf({ kind: "custom", hosts, switches, links });
  expect(listedBisectionBps(view)).toBe(300e9);
  expect(pathDiversity(view).classes.map(({ switches: n, mostPaths }) => [n, mostPaths])).toEqual([
    [1, 1],
    [3, 16],
    [4, 48],
  ]);
});

test("a hierarchical all-reduce keeps to its rails; seven eighths of it stay in the nodes", () => {
  const { view, places } = fabricOf({ kind: "rail-optimized", gpus: 64 }, { algorithm: "hierarchical-ring" });
  const { rails, localities, talkingPairs, allPairs, bytes } = trafficOf(view, places);
  // Each GPU sends 2 · 7/8 · S in its node, and 2 · 7/8 · S/8 over its rail.
  const [inside, rail] = [64 * 2 * (7 / 8) * 65536, 64 * 2 * (7 / 8) * 8192];
  expect(localities).toEqual([
    { locality: "scale-up", bytes: inside, pairs: 64 },
    { locality: "same leaf", bytes: rail, pairs: 64 },
  ]);
  expect(bytes).toBe(inside + rail);
  expect(rails).toEqual({ count: 8, sameBytes: rail, crossBytes: 0 });
  expect([talkingPairs, allPairs]).toEqual([128, 64 * 63]);
});

test("an all-to-all without PXN crosses rails in 7 of 8 pairs of nodes' GPUs", () => {
  const { view, places } = fabricOf(
    { kind: "rail-optimized", gpus: 32, scaleUp: false },
    { collective: "all-to-all", algorithm: "direct" },
  );
  const { rails, talkingPairs } = trafficOf(view, places);
  expect(talkingPairs).toBe(32 * 31);
  // Of 31 others 3 are on the own rail.
  expect(rails!.sameBytes / (rails!.sameBytes + rails!.crossBytes)).toBeCloseTo(3 / 31, 12);
});

test("switches that reduce are no pairs of ranks", () => {
  const { view, places } = fabricOf({ kind: "rail-optimized", gpus: 8 }, { algorithm: "nvls" });
  const { localities, talkingPairs } = trafficOf(view, places);
  expect(localities.map(({ locality, pairs }) => [locality, pairs])).toEqual([["switches", 8]]);
  expect(talkingPairs).toBe(0);
});
