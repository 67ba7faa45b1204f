/** A thread of a run, wherever that is. */
export interface Member {
  post(message: unknown): void;
  onMessage(listener: (message: { ready?: true; error?: string }) => void): void;
  onError(listener: (error: Error) => void): void;
  /** From now on it does not keep the process alive. */
  release(): void;
  end(): Promise<void>;
}
