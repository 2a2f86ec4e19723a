// SPDX-License-Identifier: Apache-2.0
// What applications do with the npm packages redis and ioredis, on a node that has key-0 .. key-999 with their own
// names as values: node clients.js HOST PORT writes|reads-only. Exit code 0, or 1 and what was wrong.
'use strict';

const assert = require('node:assert/strict');
const { createClient } = require('redis');
const Redis = require('ioredis');

const [host, port, mode] = process.argv.slice(2);
const keys = Array.from({ length: 1000 }, (_, i) => `key-${i}`);
const binary = Buffer.from([0, 255, 13, 10]);

async function withRedis(protocol) {
  const client = createClient({ RESP: protocol, name: 'tester', socket: { host, port: Number(port) } });
  await client.connect();
  try {
    assert.equal(await client.ping(), 'PONG');
    assert.equal(await client.clientGetName(), 'tester');
    assert.deepEqual(await client.mGet([...keys, 'absent']), [...keys, null]);
    assert.deepEqual(await Promise.all(keys.map((key) => client.get(key))), keys); // one pipeline
    const scanned = [];
    for await (const page of client.scanIterator({ MATCH: 'key-*', COUNT: 77 })) scanned.push(...page);
    assert.deepEqual(scanned.sort(), [...keys].sort());
    assert.deepEqual(await client.multi().get('key-1').exists('key-2').exec(), ['key-1', 1]);
    assert.match(await client.info('server'), /redis_version:7\.0\.15/);
    if (mode === 'reads-only') return await assert.rejects(client.set('a', 'b'), /READONLY/);
    assert.equal(await client.set(binary, binary), 'OK');
    assert.equal(await client.del(binary), 1);
    assert.equal(await client.set('once', '1', { NX: true }), 'OK');
    assert.equal(await client.set('once', '2', { NX: true }), null);
    assert.deepEqual(await client.multi().incr('once').append('once', '0').get('once').exec(), [2, 2, '20']);
    assert.equal(await client.del(['once', 'absent']), 1);
  } finally {
    client.destroy();
  }
}

async function withIoredis() {
  const client = new Redis({ host, port: Number(port), connectionName: 'tester', maxRetriesPerRequest: 0 });
  try {
    assert.equal(await client.client('GETNAME'), 'tester');
    assert.deepEqual(await client.mget(...keys, 'absent'), [...keys, null]);
    const pipeline = client.pipeline();
    for (let i = 0; i < 10; ++i) for (const key of keys) pipeline.get(key);
    const replies = await pipeline.exec();
    assert.deepEqual(replies.map(([error, value]) => error ?? value), Array(10).fill(keys).flat());
    const scanned = [];
    for await (const page of client.scanStream({ match: 'key-*', count: 77 })) scanned.push(...page);
    assert.deepEqual(scanned.sort(), [...keys].sort());
    assert.deepEqual(await client.multi().get('key-1').exists('key-2').exec(), [[null, 'key-1'], [null, 1]]);
    if (mode === 'reads-only') return await assert.rejects(client.set('a', 'b'), /READONLY/);
    assert.equal(await client.set(binary, binary), 'OK');
    assert.deepEqual(await client.getBuffer(binary), binary);
    assert.equal(await client.del(binary), 1);
    assert.deepEqual(await client.multi().set('n', 1).incrby('n', 4).get('n').del('n').exec(),
      [[null, 'OK'], [null, 5], [null, '5'], [null, 1]]);
  } finally {
    client.disconnect();
  }
}

(async () => {
  await withRedis(2);
  await withRedis(3);
  await withIoredis();
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
