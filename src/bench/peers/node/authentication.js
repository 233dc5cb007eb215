// Turns a presented key into its caller. A key's look-up is shared for a second, also of a key that does not exist.
import { LRUCache } from 'lru-cache';
import { matches, parse } from './keys.js';

export class Authentication {
  #store;
  #lookUps = new LRUCache({ max: 10_000, ttl: 1_000 });

  constructor(store) {
    this.#store = store;
  }

  /** The caller of a key that is good, or undefined. */
  async caller(text) {
    const id = parse(text);
    if (id === undefined) {
      return undefined;
    }
    const known = await this.#lookUp(id);
    return known !== undefined && matches(text, known.digest) && known.endsAt > Date.now() ? known.caller : undefined;
  }

  #lookUp(id) {
    let lookUp = this.#lookUps.get(id);
    if (lookUp === undefined) {
      lookUp = this.#read(id);
      this.#lookUps.set(id, lookUp);
      lookUp.catch(() => this.#lookUps.delete(id));
    }
    return lookUp;
  }

  async #read(id) {
    const key = await this.#store.key(id);
    if (key === null || key.revoked_at || key.deletions.length > 0 || key.access_list?.length > 0) {
      return undefined;
    }
    const statuses = await this.#store.statuses(key.lineage);
    const own = statuses.find((status) => status._id.equals(key.organisation));
    if (statuses.length < key.lineage.length || statuses.some((status) => status.deleted)) {
      return undefined;
    }
    const ends = [key.expires_at, key.ends_at].filter(Boolean).map((end) => end.getTime());
    const endsAt = Math.min(Infinity, ...ends);
    return {
      digest: key.digest,
      endsAt,
      caller: {
        key: key._id,
        roles: key.roles,
        root: key.lineage[0],
        lineage: key.lineage,
        organisationKey: own.organisation_key,
        expiresAt: endsAt === Infinity ? null : new Date(endsAt),
      },
    };
  }
}
