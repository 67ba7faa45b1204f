/**
 * Whole networks: routing, flow control, marking, recovery and congestion control that belong
 * together.
 */
import type { Preset } from "../types/preset.js";

/**
 * A NIC that goes back to what is missing needs packets in order, and a network that does not lose
 * them.
 */
const ROCE = { kind: "roce", recovery: "go-back-n", window: "4MiB" };
/** A NIC that places packets in any order. */
const PLACING = { kind: "roce", recovery: "selective", window: "4MiB", reorder: 512 };

export const TRANSPORT_PRESETS: readonly Preset[] = [
  {
    name: "roce-pfc-only",
    description: "RoCE without congestion control: PFC, hashing by queue pair, go-back-N.",
    settings: {
      routing: { policy: "ecmp-qp" },
      flowControl: { kind: "pfc" },
      ecn: "off",
      transport: { ...ROCE, congestionControl: { kind: "none" } },
    },
  },
  {
    name: "roce-dcqcn",
    description: "RoCE with DCQCN over PFC: marks slow senders down before pauses spread.",
    settings: {
      routing: { policy: "ecmp-qp" },
      flowControl: { kind: "pfc" },
      transport: { ...ROCE, congestionControl: { kind: "dcqcn" } },
    },
  },
  {
    name: "spectrum-x",
    description:
      "RoCE with adaptive routing per packet and placement out of order, over PFC. Its congestion control is not published: DCQCN stands in.",
    settings: {
      routing: { policy: "adaptive" },
      flowControl: { kind: "pfc" },
      transport: { ...PLACING, congestionControl: { kind: "dcqcn" } },
    },
  },
  {
    name: "infiniband",
    description:
      "InfiniBand: credit on links, static routes by destination, reliable connections in order, no congestion control; sizes and latency of its packets and switches.",
    settings: {
      wire: { header: "26B", gap: "0B", ack: "30B" },
      switch: { latency: "230ns" },
      routing: { policy: "pinned" },
      flowControl: { kind: "credit" },
      ecn: "off",
      transport: { ...ROCE, congestionControl: { kind: "none" } },
    },
  },
  {
    name: "uec",
    description: "Ultra Ethernet: spraying by recycled entropy, trimming, NSCC, selective repeat; no PFC.",
    settings: {
      routing: { policy: "reps" },
      flowControl: { kind: "none", trim: true },
      transport: { ...PLACING, rto: "1ms", congestionControl: { kind: "nscc" } },
    },
  },
  {
    name: "ethernet-lossy",
    description: "Ethernet that drops at the tail: hashing by connection, DCQCN, selective repeat.",
    settings: {
      routing: { policy: "ecmp" },
      flowControl: { kind: "none" },
      transport: {
        kind: "roce",
        recovery: "selective",
        window: "4MiB",
        rto: "1ms",
        congestionControl: { kind: "dcqcn" },
      },
    },
  },
];
