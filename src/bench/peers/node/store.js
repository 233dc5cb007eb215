// The queries and writes, each within the caller's part of the tree, as the service sends them.
import { MongoClient, ObjectId } from 'mongodb';

const STATUS = { deleted: 1, deleted_at: 1, deletions: 1, organisation_key: 1, country: 1, division: 1, limits: 1 };
const FIGURES = { lineage: 1, sums: 1, counts: 1 };
const EPOCH = new Date(0);

/** What is in the tree of that organisation, found by another index than the lineage's. */
const inside = (root) => ({ $expr: { $in: [root, '$lineage'] } });
const beneath = (root) => ({ ...inside(root), 'lineage.0': { $ne: root } });

export class Store {
  constructor(uri, database) {
    this.client = new MongoClient(uri, {
      writeConcern: { w: 'majority', journal: true },
      retryWrites: true,
      maxPoolSize: 50,
      minPoolSize: 40,
    });
    const db = this.client.db(database);
    this.organisations = db.collection('organisations');
    this.apiKeys = db.collection('api_keys');
    this.records = db.collection('usage_records');
    this.days = db.collection('usage_days');
    this.months = db.collection('usage_months');
  }

  key(id) {
    return this.apiKeys.findOne({ _id: id });
  }

  statuses(ids) {
    return this.organisations.find({ _id: { $in: ids } }, { projection: STATUS, batchSize: ids.length + 1 }).toArray();
  }

  organisation(root, id) {
    return this.organisations.findOne({ _id: id, deleted: false, ...beneath(root) });
  }

  async children(root, { skip, limit, after }) {
    const filter = { parent: root, deleted: false, ...beneath(root) };
    const from = after === undefined ? filter : { ...filter, _id: { $gt: after } };
    const [found, total] = await Promise.all([
      this.organisations.find(from).sort({ _id: 1 }).skip(skip).limit(limit + 1).batchSize(limit + 2).toArray(),
      this.organisations.countDocuments(filter),
    ]);
    return { found, total };
  }

  /** The key first: it is refused until its organisation is there. */
  async create(organisation, key) {
    await this.apiKeys.insertOne(key);
    try {
      await this.organisations.insertOne(organisation);
    } catch (failure) {
      if (failure.code === 11000) {
        await this.apiKeys.deleteOne({ _id: key._id });
      }
      throw failure;
    }
  }

  /** False if somebody else changed it since it was read. */
  async update(root, read, set, unset) {
    const filter = { _id: read._id, revision: read.revision, deleted: false, ...beneath(root) };
    const change = Object.keys(unset).length > 0 ? { $set: set, $unset: unset } : { $set: set };
    return (await this.organisations.updateOne(filter, change)).matchedCount > 0;
  }

  /** What an organisation's usage of a month is made from. What may be pending is read first. */
  async usage(organisation, month, lastDay) {
    const mine = inside(organisation);
    const day = (number) => `${organisation}/${month}-${String(number).padStart(2, '0')}`;
    const [underived, pending] = await Promise.all([
      this.records.findOne({ 'underived.day': { $gte: day(1), $lte: day(lastDay) }, ...mine }),
      this.days.findOne(
        { organisation, month, task_due_at: { $gte: EPOCH }, ...mine },
        { projection: FIGURES, sort: { _id: 1 } },
      ),
    ]);
    const stored = await this.months.findOne({ _id: `${organisation}/${month}`, ...mine });
    const closed = stored !== null && stored.version > 0 ? stored : undefined;
    const days = closed
      ? []
      : await this.days
          .find({ organisation, month, ...mine }, { projection: FIGURES, sort: { _id: 1 }, limit: 31, batchSize: 32 })
          .toArray();
    return { closed, days, isPending: underived !== null || pending !== null };
  }

  /** Counts requests of organisations, each under this process's own name for the count. */
  countRequests(counts) {
    return this.days.bulkWrite(
      counts.map(({ caller, day, field, total }) => ({
        updateOne: {
          filter: { _id: `${caller.root}/${day}` },
          update: {
            $max: { [`counts.${field}`]: total },
            $inc: { revision: 1 },
            $setOnInsert: {
              tenant: tenantOf(caller.lineage),
              organisation: caller.root,
              lineage: caller.lineage,
              month: day.slice(0, 7),
              sums: { requests: '0' },
              absorbed: [],
              derivation: new ObjectId(),
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    );
  }

  noteUses(uses) {
    return this.apiKeys.bulkWrite(
      uses.map(({ key, at, address }) => ({
        updateOne: {
          filter: { _id: key, last_used_at: { $not: { $gte: at } } },
          update: { $set: { last_used_at: at, last_used_from: address } },
        },
      })),
      { ordered: false },
    );
  }
}

/** The partner directly beneath the root, or the root. */
export function tenantOf(lineage) {
  return lineage[Math.max(0, lineage.length - 2)];
}
