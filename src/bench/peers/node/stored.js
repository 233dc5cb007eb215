// Prints an organisation and its keys as they are stored, each field with its type. Arguments: the database's URI and name,
// the organisation's id.
import { BSON, MongoClient, ObjectId } from 'mongodb';

const [uri, database, id] = process.argv.slice(2);
const client = new MongoClient(uri, { promoteValues: false });
const db = client.db(database);
const organisation = await db.collection('organisations').findOne({ _id: new ObjectId(id) });
const keys = await db.collection('api_keys').find({ organisation: new ObjectId(id) }).toArray();
console.log(BSON.EJSON.stringify({ organisation, keys }, { relaxed: false }));
await client.close();
