/** Captured links, as tshark dissects them. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { captureOf } from "../../src/api/capture.js";
import { invariantCrc } from "../../src/cli/capture/frames.js";
import { type CoreOptions, CoreRun } from "../../src/engine/run/run.js";
import { parseScenarioText } from "../../src/index.js";
import { resolvePlan } from "../../src/resolve/resolve.js";
import { heddle } from "../cli/fake-environment.js";
import { INCAST } from "../support/incast.js";

const LINKS = ["a -> left", "left -> a", "right -> c", "right -> left"];
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;

describe("heddle run --pcap", () => {
  it("has the invariant CRC that a NIC has", () => {
    // A CNP, captured on a ConnectX-4 Lx, from its IP header on.
    const packet = "45c2003c718c400040119161 0a001101 0a001201 000012b700280000 8100ffff4000011800000000";
    const ip = Buffer.from(`${packet}${"00".repeat(16)}82fd002a`.replaceAll(" ", ""), "hex");
    const crc = Buffer.alloc(4);
    crc.writeUInt32LE(invariantCrc(ip));
    expect(crc.toString("hex")).toBe("82fd002a");
  });

  // Debian's package tshark dissects; where it cannot be had there is nothing to compare with.
  it.skipIf(!hasTshark)("is dissected without a complaint, packet for packet", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "heddle-capture-")), "links.pcapng");
    const links = join(file, "..", "links.ndjson");
    const ran = await heddle(
      ["run", "-", "--json", "--pcap", file, "--pcap-links", LINKS.join(","), "--links", links],
      {
        stdin: INCAST,
      },
    );
    expect(ran.stderr).toBe("");
    const plain = await heddle(["run", "-", "--json"], { stdin: INCAST });
    expect(JSON.parse(ran.stdout).engine.digest).toBe(JSON.parse(plain.stdout).engine.digest);
    const fields = [
      "frame.interface_name",
      "frame.len",
      "infiniband.bth.opcode",
      "infiniband.bth.psn",
      "infiniband.aeth",
    ];
    const more = ["infiniband.invariant.crc", "macc.opcode", "_ws.expert", "_ws.malformed", "ip.checksum.status"];
    const args = [...fields, ...more].flatMap((field) => ["-e", field]);
    const checked = ["-o", "ip.check_checksum:TRUE"];
    const out = execFileSync("tshark", ["-r", file, ...checked, "-T", "fields", ...args], {
      encoding: "utf8",
      stdio: "pipe",
    });
    const rows = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split("\t"));
    const of = (link: string) => rows.filter(([name]) => name === link);
    const data = of("a -> left").filter(([, , opcode]) => Number(opcode) <= 4);
    expect(data.map(([, , , psn]) => Number(psn))).toEqual(Array.from({ length: 512 }, (_, i) => i));
    expect(data[0]![2]).toBe("0");
    expect(of("right -> c").filter(([, , opcode]) => opcode !== "" && Number(opcode) <= 4)).toHaveLength(1024);
    const acks = of("left -> a").filter(([, , opcode]) => opcode === "17");
    expect(acks.length).toBeGreaterThan(10);
    expect(acks.at(-1)![3]).toBe("511");
    // A pause and the frame that ends it, by turns.
    const frames = of("right -> left").filter((row) => row[6] !== "");
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.length % 2).toBe(0);
    for (const row of rows) expect({ expert: row[7], malformed: row[8] }).toEqual({ expert: "", malformed: "" });
    for (const row of rows) expect(["", "1"]).toContain(row[9]);
  });

  it("refuses links that are not there, and what does not go together", async () => {
    const refused = async (...args: string[]) => (await heddle(["run", "-", ...args], { stdin: INCAST })).stderr;
    const file = join(tmpdir(), "x.pcapng");
    expect(await refused("--pcap", file)).toContain("--pcap-links");
    expect(await refused("--pcap", file, "--pcap-links", "a -> nowhere")).toContain(
      "there is no link a -> nowhere; links are named as a -> left",
    );
    expect(await refused("--pcap", join(tmpdir(), "x.txt"), "--pcap-links", "a -> left")).toContain(".pcapng");
    expect(await refused("--pcap", file, "--pcap-links", "a")).toContain("directions of links");
    expect(await refused("--pcap", file, "--pcap-links", "a -> left", "--explain")).toContain("by itself");
  });

  it("is counted with the memory of the run, to a page", async () => {
    const { plan } = resolvePlan(parseScenarioText(INCAST).scenario);
    const recording = captureOf(plan, { links: LINKS, onPacket: () => {} });
    const bytesOf = async (options: CoreOptions) => {
      const run = await CoreRun.start(plan, { lean: false, ...options });
      await run.close();
      return run.figures().memoryBytes;
    };
    const takenBytes = (await bytesOf({ watch: recording.watch })) - (await bytesOf({}));
    expect(Math.abs(takenBytes - recording.bytes(1))).toBeLessThanOrEqual(2 ** 16);
  });
});
