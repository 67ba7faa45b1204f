/** `senders` hosts of one 400G switch send `sizeBytes` each to host 0. */
export function incast(senders: number, sizeBytes: number, congestionControl: object, more: object = {}) {
  const hosts = Array.from({ length: senders + 1 }, (_, i) => `h${i}`);
  return {
    version: 1,
    topology: { kind: "custom", hosts, switches: ["s"], links: hosts.map((a) => ({ a, b: "s" })) },
    links: { access: { rate: "400Gbps", length: "3m" } },
    switch: { buffer: "16MiB" },
    workload: { kind: "flows", flows: hosts.slice(1).map((src) => ({ src, dst: "h0", size: `${sizeBytes}B` })) },
    transport: { window: "4MiB", recovery: "selective", rto: "2ms", congestionControl },
    ...more,
  };
}
