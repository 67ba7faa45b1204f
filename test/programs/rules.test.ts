import { expect, test } from "vitest";
import { messagesOf } from "../scenario/samples.js";

const file = "s.yaml";

test("every fault of a program has its place and says what would be right", () => {
  const text = `\
version: 1
topology: { kind: leaf-spine, gpus: 4, gpusPerNode: 1, radix: 8 }
workload:
  kind: program
  communicators:
    - { name: sum, size: 1MiB, ranks: [[0, 1], [1, 2]] }
    - { name: up, pairs: [[0, 1], [0, 2]], size: 64KiB, channels: 2 }
    - { name: up, size: 1B, rendezvous: true }
  roles:
    - name: worker
      ranks: [0, 1, 9]
      streams:
        - do:
            - { compute: 1ms, collective: sum }
            - { collective: sun }
            - { send: sum }
            - { repeat: 3 }
            - { wait: x, size: 1MiB }
            - { repeat: 2, do: [{}] }
        - do: [{ collective: sum }]
`;
  expect(messagesOf(text, { file })).toMatchInlineSnapshot(`
    "s.yaml:6:39: workload.communicators[0].ranks: rank 1 is in two groups; a rank is in one at most
    s.yaml:7:36: workload.communicators[1].pairs[1][0]: rank 0 sends in two pairs; write a communicator for each
    s.yaml:7:67: workload.communicators[1].channels: channels is nothing that pairs take; leave it out
    s.yaml:8:15: workload.communicators[2].name: up is there already; write another name
    s.yaml:8:41: workload.communicators[2].rendezvous: rendezvous is for pairs; leave it out
    s.yaml:11:21: workload.roles[0].ranks[2]: there is no rank 9; write one from 0 to 3
    s.yaml:14:15: workload.roles[0].streams[0].do[0]: compute and collective in one step; write one of compute, collective, send, receive, signal, wait, repeat
    s.yaml:15:29: workload.roles[0].streams[0].do[1].collective: there is no communicator sun (did you mean "sum"?); communicators are sum, up
    s.yaml:16:23: workload.roles[0].streams[0].do[2].send: sum is of a collective; write collective: sum
    s.yaml:17:15: workload.roles[0].streams[0].do[3]: repeat without do; write do: [ … ] with the steps to repeat
    s.yaml:18:23: workload.roles[0].streams[0].do[4].wait: nothing signals x in this role; add a step { signal: x } to a stream of worker
    s.yaml:18:32: workload.roles[0].streams[0].do[4].size: size is nothing that wait takes; leave it out
    s.yaml:19:33: workload.roles[0].streams[0].do[5].do[0]: a step that does nothing; write one of compute, collective, send, receive, signal, wait, repeat
    s.yaml:20:30: workload.roles[0].streams[1].do[0].collective: sum is in the streams stream-0 and stream-1; operations of one communicator belong into one stream, or give the other one a communicator of its own"
  `);
});

test("a rank that others would wait for must take part", () => {
  const text = `\
version: 1
topology: { kind: leaf-spine, gpus: 4, gpusPerNode: 1, radix: 8 }
workload:
  kind: program
  communicators:
    - { name: sum, size: 1MiB }
    - { name: part, size: 1MiB, ranks: [0, 1] }
    - { name: up, pairs: [[0, 1]], size: 64KiB }
  roles:
    - { name: a, ranks: [0, 1], streams: [{ do: [{ collective: sum }, { send: up }] }] }
    - { name: b, ranks: [2], streams: [{ do: [{ collective: part }] }] }
`;
  expect(messagesOf(text, { file })).toMatchInlineSnapshot(`
    "s.yaml:6:7: workload.communicators[0]: rank 2 is in sum, but its role has no step { collective: sum }; the others would wait for it
    s.yaml:7:7: workload.communicators[1]: rank 0 is in part, but its role has no step { collective: part }; the others would wait for it
    s.yaml:8:7: workload.communicators[2]: rank 1 is in up, but its role never receives; the others would wait for it
    s.yaml:10:71: workload.roles[0].streams[0].do[1]: rank 1 of a is no sender of up; add it, or give it another role
    s.yaml:11:47: workload.roles[1].streams[0].do[0]: rank 2 of b is in none of the groups of part; add it, or give it another role"
  `);
});

test("the collective of a communicator is held to the rules of collectives", () => {
  const text = `\
version: 1
topology: { kind: rail-optimized, gpus: 16, gpusPerNode: 8, radix: 16 }
workload:
  kind: program
  communicators:
    - { name: a, collective: all-reduce, algorithm: bruck, size: 1MiB }
    - { name: b, collective: barrier, size: 1MiB }
    - { name: c, collective: broadcast, root: 99, size: 1MiB }
    - { name: d, collective: all-gather, chunk: 2MiB, size: 1MiB }
    - { name: e, algorithm: nvls-tree, size: 1MiB }
    - { name: f, channels: 9, size: 1MiB }
    - { name: g, collective: all-to-all }
    - { name: h, pairs: [[0, 1]], root: 1 }
    - { name: i, collective: barrier }
  roles:
    - { name: all, streams: [{ do: [{ collective: i, size: 1KiB }] }] }
`;
  expect(messagesOf(text, { file })).toMatchInlineSnapshot(`
    "s.yaml:6:53: workload.communicators[0].algorithm: bruck does no all-reduce; write algorithm: ring, double-binary-tree, hierarchical-ring, tree, halving-doubling, recursive-doubling, direct, hierarchical-tree, nvls, nvls-tree or sharp
    s.yaml:7:45: workload.communicators[1].size: a barrier moves no data; leave the size out
    s.yaml:8:47: workload.communicators[2].root: there is no rank 99; write one from 0 to 15
    s.yaml:9:49: workload.communicators[3].chunk: the chunk is larger than the size; write at most the size
    s.yaml:10:29: workload.communicators[4].algorithm: switches reduce no operation of a program; write algorithm: ring, double-binary-tree, hierarchical-ring, tree, halving-doubling, recursive-doubling, direct or hierarchical-tree, or a workload of kind collective
    s.yaml:11:28: workload.communicators[5].channels: a node has 8 NICs, one per GPU; write channels from 1 to 8
    s.yaml:12:7: workload.communicators[6].size: missing; write the bytes of each rank's buffer, e.g. size: 256MiB, or sizes: matrix.csv for unequal ones
    s.yaml:13:7: workload.communicators[7].size: missing; write the bytes of each message, e.g. size: 4MiB
    s.yaml:13:41: workload.communicators[7].root: root is nothing that pairs take; leave it out
    s.yaml:16:60: workload.roles[0].streams[0].do[0].size: a barrier moves no data; leave the size out"
  `);
});
