/** Captures what crosses chosen links, packet by packet. */
import { viewPlan } from "../answer/ideal/view.js";
import { telemetryNames } from "../answer/telemetry/names.js";
import { MARKED, NO_FLOW, PACKET, WatchKind } from "../engine/core/layout.js";
import { portRecordBytes, type Watch, type WatchRecord } from "../engine/core/watch.js";
import { classOfFlow, packetsPerChunk } from "../plan/flows.js";
import type { RunPlan } from "../plan/plan.js";
import { PlanError } from "../plan/plan-error.js";

/** What a captured packet is. */
export type PacketKind =
  | "data"
  | "trimmed"
  | "ack"
  | "nack"
  | "cnp"
  | "grant"
  | "notice"
  | "pause"
  | "resume"
  | "credit";

/** A packet or frame on a link; lost ones too, whose loss the other end would have seen. */
export interface CapturedPacket {
  /** Index into the links that were asked for. */
  readonly link: number;
  /** Number of the port that it leaves. */
  readonly port: number;
  /** The first bit leaves. */
  readonly startPs: number;
  readonly kind: PacketKind;
  /** Of packets: the flow, and the lowest 24 bits of a number: its own, or the one expected. */
  readonly flow: number;
  readonly number: number;
  /** Of data packets. */
  readonly payloadBytes: number;
  readonly isMarked: boolean;
  readonly dataClass: number;
  /** Of packets: NICs and connection of the flow. */
  readonly srcNic: number;
  readonly dstNic: number;
  readonly connection: number;
  /** Of data packets: place in its chunk, and packets of a chunk. */
  readonly place: number;
  readonly packetsPerChunk: number;
}

/** Which links a capture listens to, and who is told. */
export interface CaptureOptions {
  /** Names of directions of links, as telemetry has them: `leaf-0 -> spine-1`. */
  readonly links: readonly string[];
  /** Told in order of time, but for packets of one window (1 us at most). */
  readonly onPacket: (packet: CapturedPacket) => void;
}

/** Later than any run. */
const FOREVER_PS = 2 ** 52;
const FRAMES = ["resume", "pause", "credit"] as const;
const KINDS = new Map<number, PacketKind>([
  [0, "data"],
  [PACKET.ACK, "ack"],
  [PACKET.NACK, "nack"],
  [PACKET.CNP, "cnp"],
  [PACKET.TRIMMED, "trimmed"],
  [PACKET.PULL, "grant"],
]);

/** What a run is to record, and the bytes of linear memory that this takes. */
export interface Recording {
  readonly watch: Watch;
  bytes(threads: number): number;
}

/** @throws PlanError where a link is not there */
export function captureOf(plan: RunPlan, { links, onPacket }: CaptureOptions): Recording {
  const names = telemetryNames(viewPlan(plan));
  const ports = new Map<string, number>();
  for (let port = 0; port < plan.fabric.peerPort.length; port++) ports.set(names.port(port), port);
  const linkOf = new Map<number, number>();
  links.forEach((name, link) => {
    const port = ports.get(name);
    if (port === undefined) {
      const like = [...ports.keys()].find((other) => other.startsWith(name.split(" ")[0]!)) ?? [...ports.keys()][0];
      throw new PlanError(`there is no link ${name}; links are named as ${like}, by heddle topo --list`);
    }
    linkOf.set(port, link);
  });
  const slices = [...linkOf.keys()].map((item) => ({ item, fromPs: 0, toPs: FOREVER_PS, number: 0 }));
  const onRecord = (record: WatchRecord) => {
    const packet = packetOf(plan, record);
    if (packet !== undefined) onPacket({ ...packet, link: linkOf.get(record.place)! });
  };
  return {
    watch: { kind: "ports", slices, onRecord },
    bytes: (threads) => portRecordBytes(plan, slices.length, threads),
  };
}

function packetOf(plan: RunPlan, record: WatchRecord): Omit<CapturedPacket, "link"> | undefined {
  // Pauses that take effect at the port are told as well.
  if (record.kind !== WatchKind.Transmission) return undefined;
  const { startPs, place: port, flow, number, state } = record;
  const head = { startPs, port, flow, number, ...whereabouts(plan, flow, number) };
  if (flow === NO_FLOW) {
    return { ...head, kind: FRAMES[state & 0xff]!, payloadBytes: 0, isMarked: false, dataClass: (state >>> 8) & 0xff };
  }
  const { headerBytes, gapBytes } = plan.wire;
  const kind = KINDS.get(record.detail) ?? "notice";
  const wireBytes = state & (MARKED - 1);
  return {
    ...head,
    kind,
    payloadBytes: kind === "data" ? wireBytes - headerBytes - gapBytes : 0,
    isMarked: state >= MARKED,
    dataClass: kind === "notice" ? 0 : classOfFlow(plan.flows, flow),
  };
}

function whereabouts({ flows, fabric }: RunPlan, flow: number, number: number) {
  if (flow >= flows.count) return { srcNic: -1, dstNic: -1, connection: 0, place: 0, packetsPerChunk: 1 };
  const srcNic = flows.srcNic[flow]!;
  const perChunk = packetsPerChunk(fabric, flows, flow);
  const ends = { srcNic, dstNic: flows.dstNic[flow]!, connection: flows.connection[flow]! };
  return { ...ends, place: number % perChunk, packetsPerChunk: perChunk };
}
