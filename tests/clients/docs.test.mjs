// The programs in the documents run as they stand there.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { admin, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
const account = '1000000000000001';
let service;
before(async () => {
  mkdirSync(join(place.folder, 'node_modules'));
  symlinkSync(join(import.meta.dirname, 'node_modules/@alicloud'), join(place.folder, 'node_modules/@alicloud'));
  mkdirSync(join(place.folder, 'bucket'));
  const env = { Kms__Trail__Buckets__0__Name: 'audit', Kms__Trail__Buckets__0__Folder: join(place.folder, 'bucket') };
  service = await startService({ data: join(place.folder, '.kms'), args: ['--account', account], env });
});
after(async () => {
  await service?.stop();
  place.remove();
});

/** The programs of a page, or of a part of it, one after the other, as one. */
const program = (page, part) => [...readFileSync(join(import.meta.dirname, '../..', page), 'utf8').match(part ?? /.*/s)[0].matchAll(/^```js\n(.*?)^```$/gms)].map(([, text]) => text).join('\n');

async function outputOf(page, part) {
  const file = join(place.folder, 'program.mjs');
  writeFileSync(file, program(page, part));
  return (await promisify(execFile)(process.execPath, [file], { cwd: place.folder })).stdout;
}

test('README.md: a first call', async () => assert.match(await outputOf('README.md'), /Plaintext: 'hello'/));

test('docs/ram.md: a user and a role who may use some keys, and who decided', async () => {
  const output = await outputOf('docs/ram.md');
  assert.equal(output.match(/CiphertextBlob/g).length, 2, output);
  assert.match(output, new RegExp(`acs:ram::${account}:assumed-role/apollo/job`));
  const keyId = output.match(/KeyId: '([0-9a-f-]{36})'/)[1];
  const command = readFileSync(join(import.meta.dirname, '../../docs/ram.md'), 'utf8').match(/^\.\/kms-admin (explain .*)$/m)[1];
  const { code, stdout, stderr } = await admin([...command.replace('key/ID', `key/${keyId}`).split(' '), '--data', service.data]);
  assert.deepEqual([code, stdout.trim().split('\n').at(-1)], [0, 'Allow: by statement 1 of UseApollo (custom policy, v1).'], stderr);
});

test('docs/trail.md: events looked up, and a trail', async () => {
  const output = await outputOf('docs/trail.md', /<!-- reading -->.*<!-- \/delivery -->/s);
  assert.match(output, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ CreateKey [0-9a-f-]{36}$/m);
  assert.match(output, /IsLogging: true/);
});
