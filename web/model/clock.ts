/** The one clock that all panes follow: simulated time over the time of the person who watches. */

/** Time in which a run plays at speed 1, in ms. */
const RUN_MS = 12_000;

export class Clock {
  /** Simulated time that is shown. */
  ns = 0;
  isPlaying = true;
  /** Times the usual pace. */
  speed = 1;
  /** Simulated time that a run takes, as far as known, and how far frames go. */
  spanNs = 1;
  availableNs = 0;
  /** All frames are there: there is an end to stop at. */
  isComplete = false;

  /** Simulated ns per ms. */
  get pace(): number {
    return (this.spanNs / RUN_MS) * this.speed;
  }

  /** Goes on by so much time of the watcher. True where it has come to the end. */
  tick(ms: number): boolean {
    if (!this.isPlaying) return false;
    // A page that was hidden does not jump.
    const aheadNs = this.ns + this.pace * Math.min(ms, 100);
    // A run that has begun anew catches up; the clock does not go back for it.
    this.ns = Math.max(this.ns, Math.min(this.availableNs, aheadNs));
    if (!this.isComplete || this.ns < this.availableNs) return false;
    this.isPlaying = false;
    return true;
  }

  seek(ns: number): void {
    this.ns = Math.max(0, Math.min(ns, this.availableNs));
  }

  /** From the end it begins again. */
  toggle(): void {
    this.isPlaying = !this.isPlaying;
    if (this.isPlaying && this.isComplete && this.ns >= this.availableNs) this.ns = 0;
  }
}
