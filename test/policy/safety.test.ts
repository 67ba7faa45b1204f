import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { simulate } from "../../src/api/simulate.js";
import { splitCore } from "../../src/engine/policy/core-file.js";
import { PolicyError } from "../../src/plan/policy-error.js";
import { readPolicyFile } from "../../src/study/policies/read-file.js";
import { heddle } from "../end-to-end/heddle.js";

const folder = mkdtempSync(join(tmpdir(), "heddle-"));
const file = (name: string) => join(folder, name);

const SCENARIO = {
  version: 1,
  topology: { kind: "leaf-spine", gpus: 64, gpusPerNode: 1, radix: 16 },
  preset: "multipath",
  routing: { policy: "custom" },
  workload: { kind: "flows", pattern: "permutation", size: "64KiB" },
};

function build(name: string, body: string) {
  writeFileSync(file(`${name}.ts`), `import type { Decision, u32 } from "heddle";\n${body}\n`);
  return heddle(["build-policy", file(`${name}.ts`), "--out", file(`${name}.wasm`)]);
}

describe("a compiled policy", () => {
  beforeAll(() => {
    writeFileSync(file("scenario.yaml"), JSON.stringify(SCENARIO));
  });

  it.each([
    ["divides", "export function choose(d: Decision): u32 { return d.qp / (d.count - d.count); }"],
    ["gives up", "export function choose(d: Decision): u32 { if (d.count > 0) unreachable(); return 0; }"],
    [
      "recurses",
      "function f(n: u32): u32 { return n == 1 ? 0 : f(n + 2) + f(n + 4); }\nexport function choose(d: Decision): u32 { return f(0); }",
    ],
  ])(
    "that traps is told as what failed, with one thread and with two: it %s",
    (name, body) => {
      expect(build(name, body)).toMatchObject({ code: 0, stderr: "" });
      for (const threads of ["1", "2"]) {
        const args = ["run", file("scenario.yaml"), "--quiet", "--threads", threads, "--policy", file(`${name}.wasm`)];
        const { code, stdout, stderr } = heddle(args);
        expect(stderr).toMatch(
          new RegExp(
            `^heddle: the routing policy ${name}\\.wasm failed at \\d\\S* ns in \\S+: it trapped \\(.+\\)\\n$`,
          ),
        );
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      }
    },
    300_000,
  );

  it("that asks the host for more than the core does is not built", () => {
    const body = `// @ts-ignore: decorator
@external("env", "fetch")
declare function fetchOutside(at: u32): u32;
export function choose(d: Decision): u32 { return fetchOutside(d.qp); }`;
    const { code, stderr } = build("asks", body);
    expect(stderr).toMatch(/it imports env\.fetch; a compiled policy can ask nothing of its host\n$/);
    expect(code).toBe(2);
  }, 300_000);

  it("is refused with any bit flipped, and where it is cut off", async () => {
    expect(build("good", "export function choose(d: Decision): u32 { return 0; }").code).toBe(0);
    const core = readFileSync(file("good.wasm"));
    await expect(splitCore(core, "good.wasm")).resolves.toBeDefined();
    // Spread over the whole file, and every byte of the checksum at its end.
    const places = Array.from({ length: 64 }, (_, i) => Math.floor((i * core.length) / 64));
    for (let i = 1; i <= 90; i++) places.push(core.length - i);
    for (const [i, place] of places.entries()) {
      const flipped = Uint8Array.from(core);
      flipped[place]! ^= 1 << (i % 8);
      await expect(splitCore(flipped, "good.wasm"), `bit ${i % 8} of byte ${place}`).rejects.toThrow(
        /^good\.wasm is damaged: its checksum does not match its content; build it again: heddle build-policy$/,
      );
    }
    await expect(splitCore(core.subarray(0, core.length - 1), "good.wasm")).rejects.toThrow(PolicyError);
    writeFileSync(file("flipped.wasm"), core.fill(0, 5000, 5010));
    const { code, stderr } = heddle(
      ["validate", file("scenario.yaml")].concat("--set", "routing.module=./flipped.wasm"),
    );
    expect(stderr).toMatch(/^heddle: flipped\.wasm is damaged/);
    expect(code).toBe(2);
  }, 300_000);
});

describe("a policy of the host's", () => {
  it("sees the functions of a decision, and nothing behind them", async () => {
    const seen = new Set<string>();
    let changed = false;
    await simulate(SCENARIO, {
      policy: (decision) => {
        for (let at: object | null = decision; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
          for (const key of Reflect.ownKeys(at)) seen.add(String(key));
          changed ||= Reflect.set(at, "kept", 1);
        }
        return 0;
      },
    });
    expect([...seen].sort()).toEqual(
      "backward connection constructor count depth destination draw groupState hash nowPs parameter pick port qp setGroupState setState state switchNumber"
        .split(" ")
        .sort(),
    );
    expect(changed).toBe(false);
  });
});

describe("a policy's file", () => {
  it("that a scenario names lies in its folder, wherever links lead", async () => {
    const [own, other] = [file("own"), file("other")];
    for (const path of [own, join(own, "below"), other]) mkdirSync(path);
    writeFileSync(join(other, "policy.mjs"), "export const choose = () => 0;");
    writeFileSync(join(own, "below", "policy.mjs"), "export const choose = () => 0;");
    symlinkSync(join(other, "policy.mjs"), join(own, "file.mjs"));
    symlinkSync(other, join(own, "folder"));
    symlinkSync(join(own, "below"), join(own, "inside"));
    for (const path of ["file.mjs", "folder/policy.mjs"]) {
      await expect(readPolicyFile(join(own, path), own)).rejects.toThrow(
        "is a link to a file outside of its scenario's folder",
      );
      await expect(readPolicyFile(join(own, path))).resolves.toBeDefined();
    }
    for (const path of ["below/policy.mjs", "inside/policy.mjs"]) {
      await expect(readPolicyFile(join(own, path), own)).resolves.toBeDefined();
    }
    await expect(readPolicyFile(join(own, "no.mjs"), own)).rejects.toThrow("there is no such file");
    writeFileSync(
      join(own, "s.yaml"),
      JSON.stringify({ ...SCENARIO, routing: { policy: "custom", module: "./folder/policy.mjs" } }),
    );
    expect(heddle(["run", join(own, "s.yaml")])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("outside of its scenario's folder"),
    });
    expect(heddle(["run", join(own, "s.yaml"), "--policy", join(own, "folder/policy.mjs"), "--quiet"]).code).toBe(0);
  });
});
