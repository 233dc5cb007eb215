// What the calls do, whichever framework they came through.
import { Long, ObjectId } from 'mongodb';
import { figures } from './figures.js';
import { Encryption, mint, randomText, stored } from './keys.js';
import { tenantOf } from './store.js';

const MAX_DEPTH = 16;
const LEASE_MS = 60_000;
const ATTEMPTS = 50;

export class Conflict extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const externalIdTaken = () =>
  new Conflict('partner_external_id_taken', 'Another organisation has this partner_external_id.');

export class Organisations {
  #store;
  #encryption;

  constructor(store, keyEncryption) {
    this.#store = store;
    this.#encryption = new Encryption(keyEncryption);
  }

  find(caller, id) {
    return id === undefined ? null : this.#store.organisation(caller.root, id);
  }

  list(caller, listing) {
    return this.#store.children(caller.root, listing);
  }

  async create(caller, wanted) {
    if (caller.lineage.length - 1 >= MAX_DEPTH) {
      throw new Conflict('depth_exceeded', `Organisations can't be nested deeper than ${MAX_DEPTH} levels.`);
    }
    const now = new Date();
    const organisation = newOrganisation(caller, wanted, now);
    const key = mint();
    try {
      await this.#store.create(organisation, this.#newKey(key, organisation, now));
    } catch (failure) {
      throw failure.code === 11000 ? externalIdTaken() : failure;
    }
    return { organisation, key };
  }

  /** The organisation after the change, or null if there is none. Repeats while somebody else's change comes first. */
  async update(caller, id, change) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const read = await this.find(caller, id);
      if (read === null) {
        return null;
      }
      const { set, unset } = changes(read, change);
      if (Object.keys(set).length === 0 && Object.keys(unset).length === 0) {
        return read;
      }
      set.updated_at = new Date();
      set.revision = Long.fromNumber(read.revision + 1);
      set.shown = Long.fromNumber((read.shown ?? 0) + 1);
      try {
        if (await this.#store.update(caller.root, read, set, unset)) {
          const changed = { ...read, ...set };
          Object.keys(unset).forEach((field) => delete changed[field]);
          return changed;
        }
      } catch (failure) {
        throw failure.code === 11000 ? externalIdTaken() : failure;
      }
    }
    throw new Error('too many concurrent changes');
  }

  async usage(caller, id, month) {
    const organisation = await this.find(caller, id);
    if (organisation === null) {
      return null;
    }
    const [year, number] = month.split('-').map(Number);
    const lastDay = new Date(Date.UTC(year, number, 0)).getUTCDate();
    return figures(await this.#store.usage(organisation._id, month, lastDay), new Date());
  }

  #newKey(text, organisation, now) {
    return {
      _id: text.slice(4, 16),
      tenant: organisation.tenant,
      organisation: organisation._id,
      lineage: organisation.lineage,
      name: 'Standard key',
      roles: ['STANDARD'],
      ...stored(text, this.#encryption),
      access_list: [],
      created_at: now,
      deletions: [],
      restored: [],
      ...pendingConfirmation(now),
    };
  }
}

function newOrganisation(caller, wanted, now) {
  const id = new ObjectId();
  const lineage = [id, ...caller.lineage];
  const organisation = {
    _id: id,
    tenant: tenantOf(lineage),
    parent: caller.root,
    lineage,
    depth: lineage.length - 1,
    name: wanted.name,
    name_key: searchKey(wanted.name),
    organisation_key: urlKey(wanted.name),
    country: wanted.country,
    division: { key: urlKey(wanted.divisionName), name: wanted.divisionName, timezone: wanted.timeZone },
    partner: wanted.isPartner,
  };
  if (wanted.externalId !== undefined) {
    organisation.external_id = wanted.externalId;
    organisation.live_external_key = `${caller.root}/${wanted.externalId}`;
  }
  return {
    ...organisation,
    deleted: false,
    deletions: [],
    restored: [],
    ...pendingConfirmation(now),
    members: 0,
    owners: [],
    root_keys: [],
    revision: Long.ONE,
    shown: Long.ONE,
    created_at: now,
    updated_at: now,
  };
}

function pendingConfirmation(now) {
  return {
    tasks: [{ id: new ObjectId(), type: 'CONFIRM', since: now, attempts: 0 }],
    task_due_at: new Date(now.getTime() + LEASE_MS),
  };
}

function changes(read, { name, externalId }) {
  const set = {};
  const unset = {};
  if (name !== undefined && name !== read.name) {
    set.name = name;
    set.name_key = searchKey(name);
  }
  if (externalId === null && read.external_id !== undefined) {
    unset.external_id = '';
    unset.live_external_key = '';
  } else if (externalId != null && externalId !== read.external_id) {
    set.external_id = externalId;
    set.live_external_key = `${read.parent}/${externalId}`;
  }
  return { set, unset };
}

function searchKey(name) {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

function urlKey(name) {
  const ascii = name.normalize('NFKD').toLowerCase().replace(/\p{M}+/gu, '').replace(/[^a-z0-9]+/g, '-');
  return `${ascii.slice(0, 40).replace(/^-+|-+$/g, '') || 'org'}-${randomText(12)}`;
}
