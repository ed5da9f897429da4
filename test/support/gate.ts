/** Lets activities through as many as it is told to, and says how many went: a job that goes as fast as a test wants. */

export class Gate {
  passed = 0;
  #allowed = 0;
  #waiting: (() => void)[] = [];
  #watching: (() => void)[] = [];

  readonly pass = async (): Promise<void> => {
    while (this.passed >= this.#allowed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.passed += 1;
    for (const tell of this.#watching.splice(0)) tell();
  };

  /** So many more from now on; what was allowed before is forgotten. */
  allow(count: number): void {
    this.#allowed = this.passed + count;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Settles when so many have gone through in all. */
  async until(passed: number): Promise<void> {
    while (this.passed < passed) await new Promise<void>((resolve) => this.#watching.push(resolve));
  }
}
