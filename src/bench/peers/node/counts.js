// Counts in memory how often and when keys were used, and writes it every two and every thirty seconds.
import { randomUUID } from 'node:crypto';

const BATCH = 500;

export class Counts {
  #store;
  #field = `${randomUUID()}_1`;
  #requests = new Map();
  #uses = new Map();

  constructor(store) {
    this.#store = store;
    setInterval(() => this.#flushRequests(), 2_000).unref();
    setInterval(() => this.#flushUses(), 30_000).unref();
  }

  used(caller, address) {
    this.#uses.set(caller.key, { key: caller.key, at: new Date(), address });
  }

  requests(caller, count) {
    const day = new Date().toISOString().slice(0, 10);
    const id = `${caller.root}/${day}`;
    const known = this.#requests.get(id);
    if (known === undefined) {
      this.#requests.set(id, { caller, day, field: this.#field, total: count, written: 0 });
    } else {
      known.total += count;
    }
  }

  async #flushRequests() {
    const waiting = [...this.#requests.values()].filter((count) => count.total > count.written);
    for (let from = 0; from < waiting.length; from += BATCH) {
      const batch = waiting.slice(from, from + BATCH);
      const totals = batch.map((count) => ({ ...count }));
      try {
        await this.#store.countRequests(totals);
        batch.forEach((count, i) => (count.written = totals[i].total));
      } catch (failure) {
        console.error('Counted requests could not be written yet:', failure.message);
      }
    }
  }

  async #flushUses() {
    const uses = [...this.#uses.values()];
    this.#uses = new Map();
    for (let from = 0; from < uses.length; from += BATCH) {
      await this.#store.noteUses(uses.slice(from, from + BATCH)).catch((failure) => console.error(failure.message));
    }
  }
}
