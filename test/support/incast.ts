/** Two senders behind one switch, one receiver behind another: it is crowded and pauses. */
export const INCAST = `
topology:
  kind: custom
  hosts: [a, b, c, d]
  switches: [{ name: left, buffer: 1MiB }, { name: right, buffer: 1MiB }]
  links:
    - { a: a, b: left, rate: 100Gbps }
    - { a: b, b: left, rate: 100Gbps }
    - { a: c, b: right, rate: 100Gbps }
    - { a: left, b: right, rate: 400Gbps }
    - { a: d, b: right, rate: 100Gbps }
workload:
  kind: flows
  flows:
    - { src: a, dst: c, size: 2MiB }
    - { src: b, dst: c, size: 2MiB }
`;
