/** Which threadblocks are connected: by the two GPUs and the channel. */
import { type Algorithm, STEPS, type Step } from "./algorithm.js";

/** Steps that send over a connection, and steps that receive, in order. */
export interface Connection {
  readonly sends: Step[];
  readonly receives: Step[];
  sender: string | undefined;
  receiver: string | undefined;
}

export function connectionKey(src: number, dst: number, channel: number): string {
  return `${src} ${dst} ${channel}`;
}

/**
 * The connections. What is sent first is received first.
 * @throws ScenarioError where two threadblocks have one end, or sends and receives differ
 */
export function connectionsOf({ file, gpus }: Algorithm): ReadonlyMap<string, Connection> {
  const connections = new Map<string, Connection>();
  const at = (key: string) => {
    const known = connections.get(key) ?? { sends: [], receives: [], sender: undefined, receiver: undefined };
    connections.set(key, known);
    return known;
  };
  gpus.forEach(({ blocks }, gpu) => {
    blocks.forEach(({ send, receive, channel, steps, ...place }, tb) => {
      for (const [end, key] of [
        ["sender", send < 0 ? undefined : connectionKey(gpu, send, channel)],
        ["receiver", receive < 0 ? undefined : connectionKey(receive, gpu, channel)],
      ] as const) {
        if (key === undefined) continue;
        const connection = at(key);
        const does = end === "sender" ? STEPS_THAT.send : STEPS_THAT.receive;
        const own = steps.filter(does);
        if (own.length === 0) continue;
        if (connection[end] !== undefined) {
          const [src, dst] = key.split(" ");
          file.fail(
            `tb ${tb} and tb ${connection[end]} both ${end === "sender" ? "send" : "receive"} from gpu ${src} to gpu ${dst} on channel ${channel}`,
            place,
          );
        }
        connection[end] = `${tb}`;
        (end === "sender" ? connection.sends : connection.receives).push(...own);
      }
    });
  });
  for (const [key, { sends, receives }] of connections) {
    const [src, dst, channel] = key.split(" ");
    const way = `from gpu ${src} to gpu ${dst} on channel ${channel}`;
    const left = sends.length > receives.length ? sends[receives.length]! : receives[sends.length];
    if (sends.length !== receives.length) {
      file.fail(`${sends.length} steps send ${way}, and ${receives.length} receive`, left!);
    }
    sends.forEach((step, n) => {
      if (step.count === receives[n]!.count) return;
      file.fail(`sends ${step.count} chunks ${way}, and the receive takes ${receives[n]!.count}`, step);
    });
  }
  return connections;
}

const STEPS_THAT = {
  send: ({ type }: Step) => STEPS[type].sends,
  receive: ({ type }: Step) => STEPS[type].receives,
};
