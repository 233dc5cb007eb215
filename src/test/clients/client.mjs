// Drives the Cloud Manager API with a Node client, as its users' programs do. Ends with 0 when all went well.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { OFFSHOOT_URL, OFFSHOOT_USER, OFFSHOOT_KEY, CLIENT_FOLDER } = process.env;
const ORGS = `${OFFSHOOT_URL}/api/public/v1.0/orgs`;
const JSON_TYPE = { 'Content-Type': 'application/json', Accept: 'application/json' };
const name = process.argv[2];

const installed = createRequire(`${CLIENT_FOLDER}/client.js`);
const library = await import(pathToFileURL(installed.resolve(name)));

// Each client as one function: (method, url, body) gives the status and the JSON that was answered.
const clients = {
  'digest-fetch': () => {
    const DigestFetch = library.default.default ?? library.default;
    const client = new DigestFetch(OFFSHOOT_USER, OFFSHOOT_KEY);
    return async (method, url, body) => {
      const answer = await client.fetch(url, { method, headers: JSON_TYPE, body: body && JSON.stringify(body) });
      const text = await answer.text();
      return { status: answer.status, json: text ? JSON.parse(text) : undefined };
    };
  },
  urllib: () => async (method, url, body) => {
    const answer = await library.request(url, {
      method, headers: JSON_TYPE, data: body, dataType: 'text', digestAuth: `${OFFSHOOT_USER}:${OFFSHOOT_KEY}`,
    });
    return { status: answer.status, json: answer.data ? JSON.parse(answer.data) : undefined };
  },
};
const send = clients[name]();

async function ok(method, url, body, status = 200) {
  const answer = await send(method, url, body);
  assert.equal(answer.status, status, `${method} ${url}: ${JSON.stringify(answer)}`);
  return answer.json;
}

const created = [];
for (let i = 0; i < 5; i++) {
  created.push(await ok('POST', ORGS, { name: `${name} ${i}` }));
}
const ids = [];
for (let url = `${ORGS}?itemsPerPage=2`; url;) {
  const page = await ok('GET', url);
  ids.push(...page.results.map(found => found.id));
  url = page.links.find(link => link.rel === 'next')?.href;
}
assert.equal(ids.length, 6);
assert.equal(new Set(ids).size, 6);

const one = `${ORGS}/${created[0].id}`;
assert.deepEqual(await ok('GET', `${one}/`), created[0]);
assert.equal((await ok('PATCH', one, { name: `renamed by ${name}` })).name, `renamed by ${name}`);
assert.equal((await ok('GET', `${ORGS}?name=${encodeURIComponent(`Renamed by ${name}`)}`)).totalCount, 1);
await ok('DELETE', one, undefined, 204);
assert.equal((await ok('GET', one, undefined, 404)).errorCode, 'ORG_NOT_FOUND');

for (let i = 0; i < 20; i++) {
  await ok('GET', ORGS);
}
for (const answered of await Promise.all(Array.from({ length: 8 }, () => clients[name]()('GET', ORGS)))) {
  assert.equal(answered.status, 200);
}

const version = (await import(pathToFileURL(`${CLIENT_FOLDER}/node_modules/${name}/package.json`), { with: { type: 'json' } })).default.version;
console.log(`${name} ${version}, Node ${process.versions.node}`);
