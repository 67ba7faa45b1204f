/**
 * Rates of flows that each keep a fixed window of packets in a network of FIFO queues: flow `r`
 * gets `window / (latency_r + sum of the queues on its path)`, and only links that are full have
 * queues. This is proportional fairness. Times in slots of a packet.
 */
export function windowFairRates(
  paths: readonly ArrayLike<number>[],
  linkCount: number,
  { window, latencies, capacity }: { window: number; latencies: ArrayLike<number>; capacity: number },
): Float64Array {
  const rates = new Float64Array(paths.length);
  const queues = new Float64Array(linkCount);
  const load = new Float64Array(linkCount);
  // A queue grows while more comes than goes. After these steps no link is more than 10^-3 above
  // its capacity.
  for (let step = 0; step < 2000; step++) {
    load.fill(0);
    for (let flow = 0; flow < paths.length; flow++) {
      const path = paths[flow]!;
      let roundTrip = latencies[flow]!;
      for (let i = 0; i < path.length; i++) roundTrip += queues[path[i]!]!;
      rates[flow] = window / roundTrip;
      for (let i = 0; i < path.length; i++) load[path[i]!]! += rates[flow]!;
    }
    for (let link = 0; link < linkCount; link++) {
      queues[link] = Math.max(0, queues[link]! + 0.1 * window * (load[link]! - capacity));
    }
  }
  return rates;
}
