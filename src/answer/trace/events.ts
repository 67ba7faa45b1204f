/** Events of a trace, as the Trace Event Format has them: JSON objects, times in µs. */

/** A thread of a process: tracks of a rank. */
export interface Track {
  readonly pid: number;
  readonly tid: number;
}

type Args = Readonly<Record<string, unknown>>;

/** A time in ps as the µs of the format. */
function micros(ps: number): number {
  return ps / 1e6;
}

export function processName(pid: number, name: string): string {
  return JSON.stringify({ ph: "M", name: "process_name", pid, tid: 0, args: { name } });
}

/** Processes and threads are shown in the order of these numbers. */
export function processOrder(pid: number, place: number): string {
  return JSON.stringify({ ph: "M", name: "process_sort_index", pid, tid: 0, args: { sort_index: place } });
}

export function threadName({ pid, tid }: Track, name: string): string {
  return JSON.stringify({ ph: "M", name: "thread_name", pid, tid, args: { name } });
}

/** A slice. Those of a track follow each other or are nested. */
export function slice(track: Track, cat: string, name: string, fromPs: number, toPs: number, args: Args): string {
  const { pid, tid } = track;
  return JSON.stringify({ ph: "X", cat, name, pid, tid, ts: micros(fromPs), dur: micros(toPs - fromPs), args });
}

/** An arrow from one slice to another. The instants lie within the slices. */
export function* arrow(
  id: number,
  cat: string,
  from: Track & { readonly atPs: number },
  to: Track & { readonly atPs: number },
): Generator<string> {
  const end = (ph: "s" | "f", { pid, tid, atPs }: typeof from) => ({
    ph,
    cat,
    name: cat,
    id,
    pid,
    tid,
    ts: micros(atPs),
  });
  yield JSON.stringify(end("s", from));
  yield JSON.stringify({ ...end("f", to), bp: "e" });
}

/** A value from this instant on. */
export function counter(pid: number, name: string, atPs: number, values: Readonly<Record<string, number>>): string {
  return JSON.stringify({ ph: "C", cat: "counter", name, pid, tid: 0, ts: micros(atPs), args: values });
}
