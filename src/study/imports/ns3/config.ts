/** Configurations: a key and its values in a line. */
import type { SourceFile } from "../common/source.js";
import { type Line, number, quantity, whole } from "./words.js";

type Section = Record<string, unknown>;

export interface Ns3Config {
  /** Sections of a scenario that follow, beside those of the preset `ns3`. */
  readonly sections: Section;
  /** Share of packets that links lose which have no rate of their own. */
  readonly errorRate: number;
  /** Keys without a counterpart, as the file has them. */
  readonly unread: readonly string[];
  readonly linkDown:
    | { readonly atUs: number; readonly a: number; readonly b: number; readonly line: number }
    | undefined;
}

/** Names of files, and what only the simulator itself writes or prints. */
const OUTPUTS =
  /^(?:TOPOLOGY|FLOW|TRACE|TRACE_OUTPUT|FCT_OUTPUT|PFC_OUTPUT|QLEN_MON|BW_MON|RATE_MON|CNP_MON)_FILE$|_MON_(?:START|END|INTERVAL)$|^(?:MON|QLEN_MON)_(?:START|END)$|^ENABLE_TRACE$/;

/** CC_MODE of what has no counterpart here. */
const OTHER_MODES: Readonly<Record<number, string>> = { 7: "TIMELY", 8: "DCTCP", 10: "HPCC-PINT" };

/**
 * @param rates of links of the fabric, in bit/s, where it is known
 * @throws ScenarioError with the line of the first fault
 */
export function readConfig(
  file: SourceFile,
  lines: readonly Line[],
  rates: ReadonlySet<number> | undefined,
): Ns3Config {
  return new ConfigReader(file, lines).read(rates);
}

class ConfigReader {
  private readonly entries = new Map<string, Line>();
  private readonly used = new Set<string>();

  constructor(
    private readonly file: SourceFile,
    lines: readonly Line[],
  ) {
    for (const line of lines) {
      const key = line.words[0]!;
      if (!/^[A-Z][A-Z0-9_]{1,60}$/.test(key)) file.fail(`${JSON.stringify(key.slice(0, 40))} is no key`, line);
      if (this.entries.has(key)) file.fail(`${key} stands here a second time`, line);
      this.entries.set(key, line);
    }
  }

  read(rates: ReadonlySet<number> | undefined): Ns3Config {
    const payload = this.whole("PACKET_PAYLOAD_SIZE");
    const buffer = this.whole("BUFFER_SIZE");
    const control = this.control();
    const sections = {
      ...(buffer !== undefined && { switch: { buffer: `${buffer}MiB` } }),
      ecn: this.marking(rates),
      transport: {
        kind: "roce",
        ...(payload !== undefined && { mtu: `${payload}B` }),
        ...(control !== undefined && { congestionControl: control }),
      },
    };
    const errorRate = this.number("ERROR_RATE_PER_LINK") ?? 0;
    const linkDown = this.linkDown();
    const unread = [...this.entries.keys()].filter((key) => !this.used.has(key) && !OUTPUTS.test(key));
    return { sections, errorRate, unread, linkDown };
  }

  private control(): Section | undefined {
    const mode = this.whole("CC_MODE");
    if (mode === undefined) return undefined;
    const other = OTHER_MODES[mode];
    if (other !== undefined) {
      this.file.fail(
        `CC_MODE ${mode} is ${other}, which has no counterpart here; write 0, 1 (DCQCN) or 3 (HPCC)`,
        this.entries.get("CC_MODE")!,
      );
    }
    if (mode === 1) return this.dcqcn();
    return mode === 3 ? this.hpcc() : undefined;
  }

  /** As the preset dcqcn.hpcc-400g, with the file's values. */
  private dcqcn(): Section {
    const stages = this.whole("FAST_RECOVERY_TIMES");
    const clamp = this.whole("CLAMP_TARGET_RATE");
    return {
      kind: "dcqcn",
      cnpInterval: "1ps",
      initialAlpha: 1,
      byteCounter: "off",
      variant: "nic",
      ...this.set("gain", this.number("EWMA_GAIN")),
      ...this.set("alphaPeriod", this.micros("ALPHA_RESUME_INTERVAL")),
      ...this.set("decreaseInterval", this.micros("RATE_DECREASE_INTERVAL")),
      ...this.set("timer", this.micros("RP_TIMER")),
      // Expiries there count from 0, before the increase.
      ...this.set("fastRecovery", stages === undefined ? undefined : stages + 1),
      ...this.set("additiveIncrease", this.rate("RATE_AI")),
      ...this.set("hyperIncrease", this.rate("RATE_HAI")),
      ...this.set("clampTarget", clamp === undefined ? undefined : clamp !== 0),
      ...this.set("minRate", this.rate("MIN_RATE")),
    };
  }

  private hpcc(): Section {
    return {
      kind: "hpcc",
      ...this.set("utilisation", this.number("U_TARGET")),
      ...this.set("maxStage", this.whole("MI_THRESH")),
      ...this.set("minRate", this.rate("MIN_RATE")),
    };
  }

  /** KMIN_MAP and the like: n, then n pairs of a rate in bit/s and a value, sizes in KB. */
  private marking(rates: ReadonlySet<number> | undefined): unknown {
    const enabled = this.whole("ENABLE_QCN");
    const [kmin, kmax, pmax] = ["KMIN_MAP", "KMAX_MAP", "PMAX_MAP"].map((key) => this.map(key));
    if (enabled === undefined || enabled === 0) return "off";
    if (kmin === undefined || kmax === undefined || pmax === undefined) return "off";
    const known = [...kmin.keys()].filter((rate) => kmax.has(rate) && pmax.has(rate) && (rates?.has(rate) ?? true));
    const at = this.entries.get("KMIN_MAP")!;
    const rate = known[0] ?? this.file.fail("the maps of thresholds have no rate of a link of the fabric", at);
    const of = (other: number) => [kmin.get(other)! / other, kmax.get(other)! / other, pmax.get(other)!];
    for (const other of known) {
      if (of(other).every((value, i) => Math.abs(value - of(rate)[i]!) <= 1e-9 * value)) continue;
      this.file.fail("thresholds here are in proportion to the rate of a port; keep the rates that the fabric has", at);
    }
    return {
      kmin: `${kmin.get(rate)}KB`,
      kmax: `${kmax.get(rate)}KB`,
      pmax: pmax.get(rate),
      rate: quantity(this.file, "rate", `${rate}bps`, at.line),
      at: "dequeue",
    };
  }

  private map(key: string): Map<number, number> | undefined {
    const entry = this.take(key);
    if (entry === undefined) return undefined;
    const [, count, ...values] = entry.words;
    const pairs = whole(this.file, `the number of pairs of ${key}`, count, entry.line);
    if (values.length !== 2 * pairs || pairs === 0) {
      this.file.fail(`${key} says ${pairs} pairs of a rate and a value, and has ${values.length} numbers`, entry);
    }
    return new Map(
      Array.from({ length: pairs }, (_, i) => [
        whole(this.file, "a rate", values[2 * i], entry.line),
        number(this.file, "a value", values[2 * i + 1], entry.line),
      ]),
    );
  }

  private linkDown(): Ns3Config["linkDown"] {
    const entry = this.take("LINK_DOWN");
    if (entry === undefined) return undefined;
    const [atUs, a, b] = [1, 2, 3].map((i) => whole(this.file, "LINK_DOWN", entry.words[i], entry.line)) as [
      number,
      number,
      number,
    ];
    return a === 0 && b === 0 ? undefined : { atUs, a, b, line: entry.line };
  }

  private set(name: string, value: unknown): Section {
    return value === undefined ? {} : { [name]: value };
  }

  private micros(key: string): string | undefined {
    const value = this.number(key);
    return value === undefined ? undefined : `${value}us`;
  }

  private rate(key: string): string | undefined {
    const entry = this.take(key);
    return entry === undefined ? undefined : quantity(this.file, "rate", entry.words[1], entry.line);
  }

  private whole(key: string): number | undefined {
    const entry = this.take(key);
    return entry === undefined ? undefined : whole(this.file, key, entry.words[1], entry.line);
  }

  private number(key: string): number | undefined {
    const entry = this.take(key);
    return entry === undefined ? undefined : number(this.file, key, entry.words[1], entry.line);
  }

  private take(key: string): Line | undefined {
    this.used.add(key);
    return this.entries.get(key);
  }
}
