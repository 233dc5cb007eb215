// Removes the organisations that the benchmark created, and their keys. Arguments: the database's URI and name.
import { MongoClient } from 'mongodb';

const [uri, database] = process.argv.slice(2);
const client = new MongoClient(uri, { writeConcern: { w: 'majority', journal: true } });
const db = client.db(database);
const created = { name: 'Created by the benchmark' };
const ids = await db.collection('organisations').distinct('_id', created);
for (let from = 0; from < ids.length; from += 1000) {
  const batch = ids.slice(from, from + 1000);
  await db.collection('api_keys').deleteMany({ organisation: { $in: batch } });
  await db.collection('organisations').deleteMany({ _id: { $in: batch } });
}
await client.close();
