/** Protocols of NCCL: how data and the word of its arrival travel together. */
export const PROTOCOLS = ["ll", "ll128", "simple"] as const;
export type Protocol = (typeof PROTOCOLS)[number];
