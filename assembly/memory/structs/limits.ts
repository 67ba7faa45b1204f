/**
 * Limits of a run. Both sides refuse what lies beyond: the build writes them to
 * `src/plan/limits.ts`.
 */

/** Ports of a device, and so candidates of a routing decision. */
export const MAX_PORTS: u32 = 1024;
/** Addresses of NICs: a packet has 19 bits for its destination. */
export const MAX_ADDRESSES: u32 = 1 << 19;
/** Data classes. */
export const MAX_CLASSES: u32 = 8;
/** Threads that can ever take part in a run. */
export const MAX_THREADS: u32 = 64;
/** Numbers that a custom routing policy may be given. */
export const MAX_POLICY_PARAMETERS: u32 = 16;
/** Words of state that a switch keeps for each group of candidates, for a custom routing policy. */
export const GROUP_WORDS: u32 = 16;
/** Repetitions by a link before the packet is lost. */
export const MAX_REPLAYS: u32 = 4;
/** Bytes of a quantum of credit (RCCC), as a shift. */
export const CREDIT_QUANTUM_SHIFT: u32 = 8;
/** Loops within loops of a program, and streams of a role. */
export const MAX_PROGRAM_LOOPS: u32 = 8;
export const MAX_PROGRAM_STREAMS: u32 = 32;
/** Borders of lost resends that a QP keeps: how often resends are found lost without the timer. */
export const MAX_RESEND_BORDERS: u32 = 16;
