// A proof of an event, verified by what docs/trail.md says of it and nothing else.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { admin, popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
const data = join(place.folder, '.kms');
let service;
let requestIds;
before(async () => {
  service = await startService({ data, env: { Kms__Trail__CheckpointSeconds: '1' } });
  const kms = popCore(service);
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', {}, { method: 'POST' });
  // At once, so that some share a block.
  const answers = await Promise.all(Array.from({ length: 40 }, () => kms.request('Encrypt', { KeyId, Plaintext: 'hello' }, { method: 'POST' })));
  requestIds = answers.map(answer => answer.RequestId.toUpperCase());
});
after(async () => {
  await service?.stop();
  place.remove();
});

const at = ['--data', data];
const done = async args => {
  const ended = await admin([...args, ...at]);
  assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  return ended.stdout;
};
const key = async () => {
  const file = join(place.folder, 'trail.pem');
  writeFileSync(file, await done(['trail', 'public-key']));
  return file;
};

/** A proof, as soon as a checkpoint covers the event. */
async function proofOf(requestId) {
  const file = join(place.folder, `${requestId}.json`);
  for (const end = Date.now() + 60_000; ; await sleep(300)) {
    const ended = await admin(['trail', 'proof', '--event', requestId, '--out', file, ...at]);
    if (ended.code === 0) return JSON.parse(readFileSync(file));
    assert.match(ended.stderr, /which no checkpoint covers yet: while the service runs the next one is made within \d+ s/);
    assert.ok(Date.now() < end, ended.stderr);
  }
}

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts.map(part => typeof part === 'number' ? Buffer.of(part) : part))).digest();

function leads(content, index, count, path, root) {
  if (index >= count) return false;
  let hash = sha256(0, content);
  let [i, last] = [index, count - 1n];
  for (const beside of path) {
    if (last === 0n) return false;
    if (i % 2n === 1n || i === last) {
      hash = sha256(1, beside, hash);
      while (i % 2n === 0n && i !== 0n) [i, last] = [i / 2n, last / 2n];
    } else {
      hash = sha256(1, hash, beside);
    }
    [i, last] = [i / 2n, last / 2n];
  }
  return last === 0n && hash.equals(root);
}

function isValid(proof, pem) {
  const bytes = name => Buffer.from(proof[name], 'base64');
  const path = name => proof[name].map(step => Buffer.from(step, 'base64'));
  const [checkpoint, block, event] = [bytes('checkpoint'), bytes('block'), bytes('eventBytes')];
  if (proof.format !== 'kms-trail-proof/1') return false;
  if (checkpoint.length !== 157 || !checkpoint.subarray(0, 5).equals(Buffer.from('KMSC\x01'))) return false;
  if (!verify('sha256', checkpoint, { key: createPublicKey(pem), dsaEncoding: 'ieee-p1363' }, bytes('signature'))) return false;
  if (block.length !== 113 || !block.subarray(0, 5).equals(Buffer.from('KMSB\x01')) || !block.subarray(5, 21).equals(checkpoint.subarray(5, 21))) return false;
  const [number, first, last] = [block.readBigUInt64BE(21), checkpoint.readBigUInt64BE(29), checkpoint.readBigUInt64BE(37)];
  if (number < first || number > last) return false;
  return leads(sha256(block), number - first, last - first + 1n, path('blockPath'), checkpoint.subarray(93, 125))
    && leads(event, BigInt(proof.eventIndex), BigInt(block.readUInt32BE(37)), path('eventPath'), block.subarray(81, 113));
}

test('every event has a proof that holds by the documented rules, and no proof that was changed does', { timeout: 300_000 }, async () => {
  const pem = readFileSync(await key(), 'utf8');
  const lengths = new Set();
  for (const requestId of requestIds.slice(0, 12)) {
    const proof = await proofOf(requestId);
    assert.ok(isValid(proof, pem), requestId);
    assert.equal(proof.event.eventId, requestId);
    assert.deepEqual(JSON.parse(Buffer.from(proof.eventBytes, 'base64')), proof.event);
    lengths.add(proof.eventPath.length);
    for (const name of ['eventBytes', 'block', 'checkpoint', 'signature']) {
      const bytes = Buffer.from(proof[name], 'base64');
      for (const i of [0, bytes.length >> 1, bytes.length - 1]) {
        const altered = Buffer.from(bytes);
        altered[i] ^= 1;
        assert.ok(!isValid({ ...proof, [name]: altered.toString('base64') }, pem), `${name} ${i}`);
      }
      assert.ok(!isValid({ ...proof, [name]: bytes.subarray(1).toString('base64') }, pem), name);
    }
    for (const name of ['eventPath', 'blockPath']) {
      for (let i = 0; i < proof[name].length; i++) {
        assert.ok(!isValid({ ...proof, [name]: proof[name].toSpliced(i, 1) }, pem), name);
        assert.ok(!isValid({ ...proof, [name]: proof[name].toSpliced(i, 1, Buffer.alloc(32, 1).toString('base64')) }, pem), name);
      }
      assert.ok(!isValid({ ...proof, [name]: [...proof[name], Buffer.alloc(32).toString('base64')] }, pem), name);
    }
    assert.ok(!isValid({ ...proof, eventIndex: proof.eventIndex + 1 }, pem));
  }
  assert.ok(lengths.size > 1 || !lengths.has(0), 'each event had a block of its own');
});

test('kms-admin verifies proofs and the trail beside the service, and what is kept elsewhere against it', { timeout: 200_000 }, async () => {
  const file = join(place.folder, `${requestIds[0]}.json`);
  const pem = await key();
  await proofOf(requestIds[0]);
  assert.match(await done(['trail', 'verify-proof', '--proof', file, '--public-key', pem]), new RegExp(`"eventId":"${requestIds[0]}".*\nis event \\d+ of chain [0-9a-f-]{36}, in block \\d+`));
  const kept = join(place.folder, 'kept.json');
  writeFileSync(kept, await done(['trail', 'checkpoint']));
  assert.equal(JSON.parse(readFileSync(kept, 'utf8').split('\n')[0]).format, 'kms-trail-checkpoint/1');
  assert.match(await done(['trail', 'verify', '--checkpoint', kept]), /1 chains, \d+ blocks, \d+ events in .* events\/s\.\nEverything is as it was written\.\n$/);
  assert.match(await done(['trail', 'verify', '--checkpoint', kept, '--public-key', pem, '--without-token']), /Everything is as it was written/);
  assert.match(await done(['trail', '--help']), /^usage: kms-admin trail verify [\s\S]*usage: kms-admin trail verify-proof/);
  assert.match(await done(['verify', '--deep']), /The key of the trail is under kms-root-1\./);
  const proof = JSON.parse(readFileSync(file));
  writeFileSync(file, JSON.stringify({ ...proof, eventBytes: Buffer.from('{}').toString('base64') }));
  const refused = await admin(['trail', 'verify-proof', '--proof', file, '--public-key', pem, ...at]);
  assert.deepEqual([refused.code, refused.stderr.includes('proves nothing: the event is not the one that is in the block.')], [1, true]);
});
