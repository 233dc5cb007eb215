// What both frameworks serve, made from the settings in the environment; and the processes that serve it, one for each core.
import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { Authentication } from './authentication.js';
import { Counts } from './counts.js';
import { Organisations } from './organisations.js';
import { Store } from './store.js';

const REQUEST_ID = /^(?!.*osk_)[A-Za-z0-9._-]{1,128}$/;

/** A well-formed id of the client's, or a new one. */
export function requestId(offered) {
  return typeof offered === 'string' && REQUEST_ID.test(offered) ? offered : randomUUID();
}

export class Service {
  constructor({ MONGODB_URI, MONGODB_DATABASE, KEY_ENCRYPTION }) {
    this.store = new Store(MONGODB_URI, MONGODB_DATABASE);
    this.authentication = new Authentication(this.store);
    this.organisations = new Organisations(this.store, KEY_ENCRYPTION);
    this.counts = new Counts(this.store);
  }

  /** The caller of a partner's key, or undefined. */
  async partner(text, address, role = 'PARTNER') {
    const caller = await this.authentication.caller(text);
    if (caller === undefined || !(caller.roles.includes('PARTNER') || caller.roles.includes(role))) {
      return undefined;
    }
    this.counts.used(caller, address);
    return caller;
  }

  /** The holder of a key that somebody presented to the caller, whose requests are counted; or undefined. */
  async verify(caller, text, count, address) {
    const holder = await this.authentication.caller(text);
    if (holder === undefined || !holder.lineage.some((id) => id.equals(caller.root))) {
      return undefined;
    }
    this.counts.used(holder, address);
    this.counts.requests(holder, count);
    return holder;
  }
}

/** Runs as many workers as there are cores, and says where they listen once all of them do. */
export function run(listen) {
  if (!cluster.isPrimary) {
    listen(new Service(process.env), Number(process.env.PORT ?? 0));
    return;
  }
  const workers = os.availableParallelism();
  let listening = 0;
  cluster.on('listening', (worker, address) => {
    listening += 1;
    if (listening === workers) {
      console.log(`Listening on: http://127.0.0.1:${address.port}`);
    }
  });
  cluster.on('exit', (worker, code) => {
    console.error(`A worker ended: ${code}`);
    process.exit(1);
  });
  for (let i = 0; i < workers; i++) {
    cluster.fork();
  }
  process.on('SIGTERM', () => process.exit(0));
}
