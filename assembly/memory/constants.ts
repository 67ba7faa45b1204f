/** Constants that the core and TypeScript share. */
import { PolicyCall } from "./structs";

/** Words of state of each group of candidates, and parameters of a policy. */
export const GROUP_WORDS: u32 = 16;
export const PARAMETERS: u32 = 16;

/** A message, and the depths of the candidates (u32), follow the record. */
export const TEXT_BYTES: u32 = 256;
export const DEPTHS_AT: u32 = offsetof<PolicyCall>() + TEXT_BYTES;
/** Ports of a switch. */
const MOST_CANDIDATES: u32 = 1024;
export const CALL_BYTES: u32 = DEPTHS_AT + MOST_CANDIDATES * 4;

/** Threads that can ever take part in a run. */
export const MOST_THREADS: u32 = 64;
/** Samples of a watched sender that are kept. */
export const SAMPLES: u32 = 2048;
