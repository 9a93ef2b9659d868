// Calls that fail leave one event each, whoever refuses them: the gateway, the silo, or the signature's check.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { codeIn, rpc, send } from './support/rpc.mjs';
import { popCore, startService, temporaryFolder } from './support/service.mjs';
import { events } from './support/trail.mjs';

const place = temporaryFolder();
const read = file => readFileSync(resolve(import.meta.dirname, '../../docs', file), 'utf8');
const env = { Kms__Trail__LookupsPerSecond: '1000', Kms__Authentication__FailuresPerAccessKey: '20', Kms__Authentication__FailuresPerSource: '1000' };
const begun = Date.now() - 1000;
let service;
let root;

before(async () => {
  service = await startService({ data: place.folder, env });
  root = service.credentials();
});
after(async () => {
  await service?.stop();
  place.remove();
});

const told = async (filters = {}) => (await events(service, { since: begun, filters })).map(e => ({ ...e, key: `${e.eventName} ${e.errorCode ?? 'success'}` }));
// Looking leaves events, too.
const count = async () => (await told()).filter(e => e.eventName !== 'LookupEvents').length;
const of = (all, answer) => all.filter(e => e.requestId === JSON.parse(answer.text).RequestId);

describe('every action of every API', () => {
  const actions = [
    ...[...read('api.md').matchAll(/^\| ([A-Z]\w+) \| (?:read|write)/gm)].map(([, name]) => ['2016-01-20', name, 'Kms']),
    ...[...read('ram.md').matchAll(/^\| `?ram:([A-Z]\w+)/gm)].map(([, name]) => ['2015-05-01', name, 'Ram']),
    ['2015-04-01', 'AssumeRole', 'Sts'], ['2015-04-01', 'GetCallerIdentity', 'Sts'],
    ...['LookupEvents', 'CreateTrail', 'UpdateTrail', 'DeleteTrail', 'DescribeTrails', 'GetTrailStatus', 'StartLogging', 'StopLogging'].map(name => ['2020-07-06', name, 'Actiontrail']),
  ];

  test('without a parameter, and with parameters that mean nothing', { timeout: 120_000 }, async () => {
    assert.ok(actions.length > 80, `${actions.length} actions`);
    const answers = [];
    const nonsense = { KeyId: 'x y', UserName: '!', CiphertextBlob: '!', Plaintext: '', AliasName: '?', MaxItems: 'many', PageSize: '-1', Name: '!', MaxResults: 'x', Direction: 'UP' };
    for (const [Version, Action, serviceName] of actions) {
      for (const parameters of [{}, nonsense]) answers.push({ Action, serviceName, answer: await send(service, rpc(root, Action, { Version, ...parameters })) });
    }
    const all = await told();
    for (const { Action, serviceName, answer } of answers) {
      const code = codeIn(answer);
      assert.deepEqual(of(all, answer).map(e => [e.eventName, e.errorCode ?? 'success', e.serviceName]), Action === 'DescribeRegions' ? [] : [[Action, code, serviceName]], `${Action}: ${answer.text}`);
    }
  });
});

test('what the gateway could answer by itself leaves one, too', async () => {
  const answer = await send(service, rpc(root, 'ListTagResources', { RegionId: 'local-1', ResourceType: 'secret' }));
  assert.equal(codeIn(answer), 'success');
  assert.deepEqual(of(await told(), answer).map(e => [e.eventName, e.errorCode]), [['ListTagResources', undefined]]);
});

test('DescribeRegions leaves none, nor does what nobody known has sent', async () => {
  const before = await count();
  await send(service, rpc(root, 'DescribeRegions'));
  assert.equal(codeIn(await send(service, rpc({ AccessKeyId: 'LTAIunknown000000000000', AccessKeySecret: 'x' }, 'ListKeys'))), 'InvalidAccessKeyId.NotFound');
  await send(service, rpc(root, 'NoSuchAction'));
  assert.equal(await count(), before);
});

test('requests with a known access key that are not let in are its account\'s', async () => {
  const once = rpc(root, 'ListKeys');
  await send(service, once);
  const cases = [
    ['SignatureNonceUsed', once],
    ['SignatureDoesNotMatch', rpc({ ...root, AccessKeySecret: 'wrong' }, 'Encrypt', { KeyId: 'alias/a', Plaintext: 'not-for-the-trail' })],
    ['InvalidTimeStamp.Expired', rpc(root, 'Encrypt', { Timestamp: '2024-01-01T00:00:00Z', Plaintext: 'not-for-the-trail' })],
  ];
  for (const [code, request] of cases) {
    const answer = await send(service, request);
    assert.equal(codeIn(answer), code);
    const [e, ...more] = of(await told(), answer);
    assert.deepEqual([e.errorCode, e.userIdentity.accessKeyId, e.eventName, more], [code, root.AccessKeyId, code === 'SignatureNonceUsed' ? 'ListKeys' : 'Encrypt', []]);
    assert.ok(!JSON.stringify(e).includes('not-for-the-trail'), JSON.stringify(e));
  }
});

test('whose it is is told by name, also of an access key that was never used or is switched off', async () => {
  const ram = popCore(service, undefined, '2015-05-01');
  await ram.request('CreateUser', { UserName: 'idle' });
  const { AccessKey } = await ram.request('CreateAccessKey', { UserName: 'idle' });
  const wrong = await send(service, rpc({ ...AccessKey, AccessKeySecret: 'wrong' }, 'ListKeys'));
  await ram.request('UpdateAccessKey', { UserName: 'idle', UserAccessKeyId: AccessKey.AccessKeyId, Status: 'Inactive' });
  const inactive = await send(service, rpc(AccessKey, 'ListKeys'));
  const found = await told({ User: 'idle' });
  for (const answer of [wrong, inactive]) {
    const [e] = of(found, answer);
    assert.deepEqual([e?.userIdentity.userName, e?.userIdentity.accessKeyId, e?.errorCode], ['idle', AccessKey.AccessKeyId, codeIn(answer)]);
  }
});

test('who knows an access key id and nothing else cannot fill the trail', async () => {
  const before = await count();
  for (let i = 0; i < 60; i++) await send(service, rpc(root, 'ListKeys', { Timestamp: '2024-01-01T00:00:00Z', SignatureNonce: randomUUID() }));
  const more = await count() - before;
  assert.ok(more >= 5 && more <= 21, `${more} events`);
});

test('a dry run is one call', async () => {
  const kms = popCore(service);
  const { KeyMetadata: { KeyId } } = await kms.request('CreateKey', {});
  for (const [parameters, expected] of [[{ KeyId }, 'DryRunOperationError'], [{ KeyId: 'alias/none' }, 'ValidationError']]) {
    const answer = await send(service, rpc(root, 'Encrypt', { ...parameters, Plaintext: 'x', DryRun: 'true' }));
    assert.equal(codeIn(answer), expected);
    const [e, ...more] = of(await told(), answer);
    assert.deepEqual([e.eventName, more], ['Encrypt', []]);
  }
});

test('a captured request is refused after the process was killed, and one from before that was never sent is not', async () => {
  const [captured, unsent] = [rpc(root, 'ListKeys'), rpc(root, 'ListKeys')];
  assert.equal(codeIn(await send(service, captured)), 'success');
  await service.kill();
  service = await startService({ data: place.folder, port: service.port, env });
  assert.equal(codeIn(await send(service, captured)), 'SignatureNonceUsed');
  assert.equal(codeIn(await send(service, unsent)), 'success');
});
