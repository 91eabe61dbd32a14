/** Sends one changing value to many listeners, at most so often; who joins gets it at once. */
import 'server-only';

export interface Listener {
  onValue(json: string): void;
  /** The console ends. */
  onEnd(): void;
}

/** Four times a second: faster than a person reads, slower than two busy routers report. */
const SHORTEST_GAP_MS = 250;

export class Broadcast {
  readonly #make: () => Promise<string | null>;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #sentAt = Number.NEGATIVE_INFINITY;

  readonly #gapMs: number;

  /** `make` gives the value as it is now; null when there is nothing to say. */
  constructor(make: () => Promise<string | null>, gapMs = SHORTEST_GAP_MS) {
    this.#make = make;
    this.#gapMs = gapMs;
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** Returns the function that leaves again. */
  join(listener: Listener): () => void {
    this.#listeners.add(listener);
    void this.#sendTo([listener]);
    return () => void this.#listeners.delete(listener);
  }

  /** The value has changed. */
  touch(): void {
    if (!this.hasListeners || this.#timer !== undefined) return;
    const wait = Math.max(0, this.#sentAt + this.#gapMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sentAt = performance.now();
      void this.#sendTo(this.#listeners);
    }, wait);
  }

  end(): void {
    clearTimeout(this.#timer);
    for (const listener of [...this.#listeners]) listener.onEnd();
    this.#listeners.clear();
  }

  async #sendTo(listeners: Iterable<Listener>): Promise<void> {
    const json = await this.#make();
    if (json === null) return;
    // Who left while the value was made must not be spoken to.
    for (const listener of listeners) if (this.#listeners.has(listener)) listener.onValue(json);
  }
}
