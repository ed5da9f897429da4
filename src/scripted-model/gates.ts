/** Gates that a test opens: a step that holds one is answered only then, so that no test needs to guess a time. */

export class Gates {
  readonly #open = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Opens `gate` for good. */
  open(gate: string): void {
    this.#open.add(gate);
    for (const go of this.#waiting.get(gate) ?? []) go();
    this.#waiting.delete(gate);
  }

  /** Waits until the gate is open, or until `gone` is aborted. */
  async pass(gate: string, gone: AbortSignal): Promise<void> {
    if (this.#open.has(gate) || gone.aborted) return;
    const waiting = this.#waiting.get(gate) ?? new Set();
    this.#waiting.set(gate, waiting);
    await new Promise<void>((resolve) => {
      const go = () => {
        gone.removeEventListener("abort", go);
        waiting.delete(go);
        resolve();
      };
      waiting.add(go);
      gone.addEventListener("abort", go);
    });
  }
}
