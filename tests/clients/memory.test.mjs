// A core dump of the running service is searched for key material: that of level HSM must not be in it, and that of level SOFTWARE is, which shows that the search works.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, publicEncrypt, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { popCore, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
let service;
let kms;

before(async () => {
  service = await startService({ data: join(place.folder, 'data') });
  kms = popCore(service);
});
after(async () => {
  await service?.stop();
  place.remove();
});

const call = (action, parameters = {}) => kms.request(action, parameters, { method: 'POST', timeout: 60_000 });

async function importKey(ProtectionLevel, material, padding) {
  const { KeyMetadata: { KeyId } } = await call('CreateKey', { Origin: 'EXTERNAL', ProtectionLevel });
  const { PublicKey, ImportToken } = await call('GetParametersForImport', { KeyId, WrappingAlgorithm: padding.name, WrappingKeySpec: 'RSA_2048' });
  const wrapped = publicEncrypt({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki', ...padding.options }, material);
  await call('ImportKeyMaterial', { KeyId, ImportToken, EncryptedKeyMaterial: wrapped.toString('base64') });
  return KeyId;
}

const oaep = { name: 'RSAES_OAEP_SHA_1', options: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } };
const oaep256 = { name: 'RSAES_OAEP_SHA_256', options: { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } };
const pkcs1 = { name: 'RSAES_PKCS1_V1_5', options: { padding: constants.RSA_PKCS1_PADDING } };

/** How often each of the needles is in a file. */
function count(file, needles) {
  const counts = needles.map(() => 0);
  const overlap = Math.max(...needles.map(needle => needle.length)) - 1;
  const buffer = Buffer.alloc(64 << 20);
  const descriptor = openSync(file, 'r');
  for (let kept = 0; ;) {
    const read = readSync(descriptor, buffer, kept, buffer.length - kept);
    if (read === 0) break;
    const window = buffer.subarray(0, kept + read);
    needles.forEach((needle, i) => {
      for (let at = window.indexOf(needle); at >= 0; at = window.indexOf(needle, at + 1)) {
        // What lies wholly in the part that was kept has been counted already.
        if (at + needle.length > kept) counts[i]++;
      }
    });
    kept = Math.min(overlap, window.length);
    window.copy(buffer, 0, window.length - kept);
  }
  closeSync(descriptor);
  return counts;
}

/** How often each of the needles is in the memory of the service now. */
function inCoreDump(needles) {
  const core = join(place.folder, 'core');
  execFileSync('gcore', ['-o', core, String(service.pid)], { stdio: 'pipe' });
  try { return count(`${core}.${service.pid}`, needles); }
  finally { rmSync(`${core}.${service.pid}`); }
}

test('a core dump holds SOFTWARE material and none of level HSM', async () => {
  const materials = { software: randomBytes(32), byOaep: randomBytes(32), byPkcs1: randomBytes(32) };
  const keys = [
    await importKey('SOFTWARE', materials.software, oaep), await importKey('HSM', materials.byOaep, oaep), await importKey('HSM', materials.byPkcs1, pkcs1),
  ];
  for (let round = 0; round < 20; round++) {
    for (const KeyId of keys) {
      const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: `round ${round}` });
      assert.equal((await call('Decrypt', { CiphertextBlob })).Plaintext, `round ${round}`);
    }
  }
  const [software, ...ofHsm] = inCoreDump(Object.values(materials));
  assert.deepEqual([software > 0, ...ofHsm], [true, 0, 0]);
  await call('DeleteKeyMaterial', { KeyId: keys[0] });
  assert.deepEqual(inCoreDump(Object.values(materials)), [0, 0, 0], 'deleted material stayed in memory');
});

// What the setting lets through the server's memory does not stay there. Memory that was given back may have lost its first bytes, so the second half is looked for.
test('material of level HSM that was unwrapped outside the token is wiped afterwards', async () => {
  await service.stop();
  service = await startService({ data: join(place.folder, 'data'), env: { Kms__AllowImportOutsideHsm: 'true' } });
  kms = popCore(service);
  const [outside, software] = [randomBytes(32), randomBytes(32)];
  const KeyId = await importKey('HSM', outside, oaep256);
  assert.equal((await call('DescribeKey', { KeyId })).KeyMetadata.ImportedOutsideHsm, 'True');
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: 'x' });
  assert.equal((await call('Decrypt', { CiphertextBlob })).Plaintext, 'x');
  const other = await importKey('SOFTWARE', software, oaep256);
  await call('Encrypt', { KeyId: other, Plaintext: 'x' });
  const [left, control] = inCoreDump([outside.subarray(16), software.subarray(16)]);
  assert.deepEqual([left, control > 0], [0, true]);
});
