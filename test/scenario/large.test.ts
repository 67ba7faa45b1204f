import { expect, test } from "vitest";
import { parse } from "./samples.js";

test("ten thousand hosts, listed one by one, are read", () => {
  const hosts = Array.from({ length: 10_000 }, (_, i) => `h${i}`);
  const leaves = Array.from({ length: 100 }, (_, i) => `leaf${i}`);
  const { topology } = parse(`\
topology:
  kind: custom
  hosts: [${hosts.join(", ")}]
  switches: [${leaves.join(", ")}, spine]
  links:
${hosts.map((host, i) => `    - { a: ${host}, b: leaf${i % 100} }`).join("\n")}
${leaves.map((leaf) => `    - { a: ${leaf}, b: spine, rate: 1.6Tbps, count: 4 }`).join("\n")}
workload: { kind: flows, pattern: permutation, size: 1MB }
`).scenario;
  expect(topology).toMatchObject({ links: { length: 10_400 } });
});

test("twenty thousand flows, listed one by one, are read", () => {
  const flows = Array.from(
    { length: 20_000 },
    (_, i) => `    - { src: ${i % 64}, dst: ${(i + 1) % 64}, size: 4KiB, start: ${i}ns }`,
  );
  const { workload } = parse(
    `topology: { kind: leaf-spine, gpus: 64 }\nworkload:\n  kind: flows\n  flows:\n${flows.join("\n")}\n`,
  ).scenario;
  expect(workload).toMatchObject({ flows: { length: 20_000 } });
});
