// ActionTrail with real clients: looking events up, trails, and what they deliver. What events say is tested elsewhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import OpenApi from '@alicloud/openapi-client';
import TeaUtil from '@alicloud/tea-util';
import { shape, xmlAnswer } from './support/answers.mjs';
import { allow, ramOf } from './support/ram.mjs';
import { acs3, codeIn, rpc, send } from './support/rpc.mjs';
import { codeOf, freePort, popCore, startService, temporaryFolder } from './support/service.mjs';

const account = '1000000000000001';
const version = '2020-07-06';
const older = '2017-12-04';
const place = temporaryFolder();
const data = join(place.folder, 'data');
const bucket = join(place.folder, 'bucket');
const second = date => date.toISOString().replace(/\.\d+Z$/, 'Z');
const objects = new Map();
let service, store, env;

before(async () => {
  mkdirSync(bucket);
  writeFileSync(join(place.folder, 'secret'), 'of the store\n');
  const port = await freePort();
  store = createServer((request, response) => {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      const signed = /^AWS4-HMAC-SHA256 Credential=STOREKEY\/\d{8}\/us-east-1\/s3\/aws4_request,/.test(request.headers.authorization) && request.method === 'PUT';
      if (signed) objects.set(decodeURIComponent(request.url), Buffer.concat(chunks));
      response.writeHead(signed ? 200 : 403).end();
    });
  }).listen(port, '127.0.0.1');
  env = {
    Kms__RootKeyFile: join(place.folder, 'root.keys'), Kms__Trail__DeliverySeconds: '1', Kms__Trail__LookupsPerSecond: '1000', Kms__Trail__TrailsPerAccount: '50',
    Kms__Trail__Buckets__0__Name: 'audit', Kms__Trail__Buckets__0__Folder: bucket,
    Kms__Trail__Buckets__1__Name: 'far-away', Kms__Trail__Buckets__1__Endpoint: `http://127.0.0.1:${port}`, Kms__Trail__Buckets__1__AccessKeyId: 'STOREKEY',
    Kms__Trail__Buckets__1__AccessKeySecretFile: join(place.folder, 'secret'),
  };
  service = await startService({ data, args: ['--account', account, '--account', '2000000000000002'], env });
});
after(async () => {
  await service?.stop();
  store?.close();
  store?.closeAllConnections();
  place.remove();
});

const trails = (credentials = service.credentials(account), apiVersion = version) => {
  const client = popCore(service, credentials, apiVersion);
  return (action, parameters = {}, method = 'POST') => client.request(action, parameters, { method, timeout: 60_000 });
};
const refusal = async call => {
  const error = await call.then(() => assert.fail('It was not refused.'), e => e);
  return error.code;
};
let number = 0;
const newTrail = () => `trail-${String(++number).padStart(4, '0')}`;
const anyCall = async () => (await popCore(service, service.credentials(account)).request('ListKeys', { PageSize: 1 })).RequestId;

/** The names of all objects that the folder has, and their events. */
const delivered = () => readdirSync(bucket, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && entry.name.endsWith('.gz'))
  .map(entry => ({ name: relative(bucket, join(entry.parentPath, entry.name)), bytes: readFileSync(join(entry.parentPath, entry.name)) }))
  .map(object => ({ ...object, events: JSON.parse(gunzipSync(object.bytes)) }));
const until = async ask => {
  for (const end = Date.now() + 60_000; !(await ask()); await sleep(50)) assert.ok(Date.now() < end, 'It did not become true in time.');
};

describe('looking events up', () => {
  let ids, window;
  before(async () => {
    ids = [];
    const begun = Date.now();
    for (let i = 0; i < 7; i++) ids.push(await anyCall());
    window = { StartTime: second(new Date(begun - 1000)), EndTime: second(new Date(Date.now() + 1000)) };
  });
  const listKeys = { LookupAttribute: [{ Key: 'EventName', Value: 'ListKeys' }] };

  test('the answer has the documented fields, and events in a plain array', async () => {
    for (const method of ['GET', 'POST']) {
      const { Events, NextToken, ...rest } = await trails()('LookupEvents', { ...listKeys, ...window, MaxResults: 5 }, method);
      assert.deepEqual(shape(rest), { RequestId: 'string', StartTime: 'string', EndTime: 'string' });
      assert.deepEqual([rest.StartTime, rest.EndTime, Events.length, typeof NextToken], [window.StartTime, window.EndTime, 5, 'string']);
      assert.deepEqual(Events.map(e => e.eventId), ids.slice(2).reverse());
    }
    const { Events, ...rest } = await trails()('LookupEvents', { LookupAttribute: [{ Key: 'EventName', Value: 'NoSuchThing' }] });
    assert.deepEqual([Events, Object.keys(rest).sort()], [[], ['EndTime', 'RequestId', 'StartTime']]);
    assert.equal(Date.parse(rest.EndTime) - Date.parse(rest.StartTime), 7 * 86_400_000);
  });

  test('pages go on in either direction, by each kind of client', async () => {
    const client = new OpenApi.default(new OpenApi.Config({ accessKeyId: service.credentials(account).AccessKeyId, accessKeySecret: service.credentials(account).AccessKeySecret, endpoint: `127.0.0.1:${service.port}`, protocol: 'http' }));
    const openApi = async (action, query) => (await client.callApi(
      new OpenApi.Params({ action, version, protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json' }),
      new OpenApi.OpenApiRequest({ query }), new TeaUtil.RuntimeOptions({}))).body;
    const flat = { 'LookupAttribute.1.Key': 'EventName', 'LookupAttribute.1.Value': 'ListKeys' };
    for (const [call, attributes] of [[trails(), listKeys], [trails(), flat], [openApi, flat], [trails(undefined, older), { EventName: 'ListKeys' }]]) {
      for (const Direction of ['FORWARD', 'BACKWARD']) {
        const found = [];
        for (let NextToken; found.length === 0 || NextToken;) {
          const page = await call('LookupEvents', { ...attributes, ...window, Direction, MaxResults: '3', ...(NextToken && { NextToken }) });
          found.push(...page.Events.map(e => e.eventId));
          NextToken = page.NextToken;
        }
        assert.deepEqual(found, Direction === 'FORWARD' ? ids : ids.toReversed());
      }
    }
  });

  test('an event is found by its id, in both versions', async () => {
    const one = await trails()('LookupEvents', { LookupAttribute: [{ Key: 'EventId', Value: ids[3] }] });
    assert.deepEqual(one.Events.map(e => [e.eventId, e.eventName]), [[ids[3], 'ListKeys']]);
    for (const name of ['Event', 'Request']) assert.deepEqual((await trails(undefined, older)('LookupEvents', { [name]: ids[3] })).Events, one.Events);
  });

  test('XML has an element for each event', async () => {
    const answer = await send(service, rpc(service.credentials(account), 'LookupEvents', { Version: version, Format: 'XML', ...window, 'LookupAttribute.1.Key': 'EventId', 'LookupAttribute.1.Value': ids[0] }));
    const { root, leaves } = xmlAnswer(answer.text);
    assert.equal(root, 'LookupEventsResponse');
    assert.ok(leaves.includes(`Events/eventId=${ids[0]}`) && leaves.includes('Events/userIdentity/type=root-account'), answer.text);
  });

  test('what is malformed never shows everything', async () => {
    const me = service.credentials(account);
    for (const [parameters, code] of [
      [{ 'LookupAttribute.1': 'EventName' }, 'InvalidParameter.LookupAttribute'], [{ 'LookupAttribute.1.Key': 'EventName' }, 'InvalidParameter.LookupAttribute'],
      [{ 'LookupAttribute.1.Key': 'Nothing', 'LookupAttribute.1.Value': 'x' }, 'InvalidParameter.LookupAttribute'],
      [{ 'LookupAttribute.1.Key': 'SensitiveAction', 'LookupAttribute.1.Value': 'true' }, 'UnsupportedOperation'],
      [{ MaxResults: '51' }, 'InvalidParameter.MaxResults'], [{ Direction: 'UP' }, 'InvalidParameter.Direction'], [{ NextToken: 'x' }, 'InvalidParameter.NextToken'],
      [{ StartTime: window.StartTime }, 'MissingEndTime'], [{ EndTime: window.EndTime }, 'MissingStartTime'], [{ StartTime: 'yesterday', EndTime: window.EndTime }, 'InvalidParameter.StartTime'],
      [{ StartTime: window.EndTime, EndTime: window.StartTime }, 'InvalidParameter.EndTime'],
      [{ StartTime: second(new Date(Date.now() - 91 * 86_400_000)), EndTime: window.EndTime }, 'InvalidParameter.StartTime'],
      [{ StartTime: second(new Date(Date.now() - 31 * 86_400_000)), EndTime: window.EndTime }, 'InvalidParameter.EndTime'],
    ]) {
      for (const request of [rpc(me, 'LookupEvents', { Version: version, ...parameters }), acs3(me, `127.0.0.1:${service.port}`, 'LookupEvents', parameters, { headers: { 'x-acs-version': version } })]) {
        const answer = await send(service, request);
        assert.deepEqual([answer.status, codeIn(answer)], [400, code], JSON.stringify(parameters));
      }
    }
  });

  test('a token is good for its query and account only', async () => {
    const { NextToken } = await trails()('LookupEvents', { ...listKeys, ...window, MaxResults: 2 });
    const altered = NextToken.slice(0, 20) + (NextToken[20] === 'A' ? 'B' : 'A') + NextToken.slice(21);
    for (const [call, parameters] of [
      [trails(), { ...listKeys, ...window, NextToken: altered }], [trails(), { ...window, NextToken }], [trails(), { ...listKeys, ...window, Direction: 'FORWARD', NextToken }],
      [trails(), { ...listKeys, ...window, EndTime: window.StartTime, NextToken }], [trails(service.credentials('2000000000000002')), { ...listKeys, ...window, NextToken }],
    ]) assert.equal(await refusal(call('LookupEvents', parameters)), 'InvalidParameter.NextToken');
    assert.equal((await trails()('LookupEvents', { ...listKeys, NextToken })).Events.length, 5);
  });
});

describe('trails', () => {
  test('a trail is made, described, started, stopped, changed and removed, with the documented fields', async () => {
    const Name = newTrail();
    const call = trails();
    const settings = { Name, HomeRegion: 'local-1', EventRW: 'All', TrailRegion: 'All', OssBucketName: 'audit', OssKeyPrefix: '', OssWriteRoleArn: '', SlsProjectArn: '', SlsWriteRoleArn: '' };
    const { RequestId: _, ...made } = await call('CreateTrail', { Name, OssBucketName: 'audit' });
    assert.deepEqual(made, settings);
    const { TrailList: [{ CreateTime, UpdateTime, ...item }] } = await call('DescribeTrails', { NameList: `${Name},other-trail` });
    assert.deepEqual(item, {
      ...settings, Status: 'Fresh', Region: 'local-1', TrailArn: `acs:actiontrail:local-1:${account}:trail/${Name}`, OssBucketLocation: '', IsOrganizationTrail: false, OrganizationId: '', IsShadowTrail: 0,
    });
    assert.match(CreateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(CreateTime, UpdateTime);
    const status = async () => {
      const { RequestId: _, ...rest } = await call('GetTrailStatus', { Name });
      return rest;
    };
    const fields = { IsLogging: 'boolean', LatestDeliveryError: 'string', LatestDeliveryLogServiceError: 'string', OssBucketStatus: 'boolean', SlsLogStoreStatus: 'boolean' };
    assert.deepEqual([shape(await status()), (await status()).IsLogging], [fields, false]);
    await call('StartLogging', { Name }, 'GET');
    await until(async () => (await status()).LatestDeliveryTime !== undefined);
    assert.deepEqual([shape(await status()), (await status()).IsLogging], [{ ...fields, StartLoggingTime: 'string', LatestDeliveryTime: 'string' }, true]);
    await call('StopLogging', { Name }, 'GET');
    assert.deepEqual([(await status()).IsLogging, typeof (await status()).StopLoggingTime], [false, 'string']);
    const changed = await call('UpdateTrail', { Name, EventRW: 'Write', OssKeyPrefix: 'prefix/one' });
    assert.deepEqual([changed.EventRW, changed.OssKeyPrefix, changed.OssBucketName], ['Write', 'prefix/one', 'audit']);
    assert.equal((await call('DescribeTrails', { NameList: Name })).TrailList[0].Status, 'Disable');
    assert.deepEqual(Object.keys(await call('DeleteTrail', { Name })), ['RequestId']);
    assert.deepEqual((await call('DescribeTrails', { NameList: Name })).TrailList, []);
  });

  test('the older version names role and topic', async () => {
    const Name = newTrail();
    const { RequestId: _, ...made } = await trails(undefined, older)('CreateTrail', { Name, OssBucketName: 'audit', RoleName: 'aliyunactiontraildefaultrole', EventRW: 'Read' });
    assert.deepEqual(made, {
      Name, HomeRegion: 'local-1', EventRW: 'Read', TrailRegion: 'All', OssBucketName: 'audit', OssKeyPrefix: '', RoleName: 'aliyunactiontraildefaultrole', SlsProjectArn: '', SlsWriteRoleArn: '', MnsTopicArn: '',
    });
    assert.equal((await trails()('DescribeTrails', { NameList: Name })).TrailList[0].OssWriteRoleArn, `acs:ram::${account}:role/aliyunactiontraildefaultrole`);
    assert.equal((await trails(undefined, older)('DescribeTrails', { NameList: Name })).TrailList[0].RoleName, 'aliyunactiontraildefaultrole');
  });

  test('refusals have their codes', async () => {
    const me = service.credentials(account);
    for (const [action, parameters, status, code] of [
      ['CreateTrail', {}, 400, 'MissingName'], ['CreateTrail', { Name: 'UPPER-case' }, 400, 'InvalidTrailNameException'], ['CreateTrail', { Name: 'some-trail' }, 400, 'MissingOssBucketName'],
      ['CreateTrail', { Name: 'some-trail', OssBucketName: 'No' }, 400, 'InvalidBucketNameException'], ['CreateTrail', { Name: 'some-trail', OssBucketName: 'audit', OssKeyPrefix: '../..' }, 400, 'InvalidPrefixException'],
      ['CreateTrail', { Name: 'some-trail', OssBucketName: 'unknown' }, 400, 'InsufficientBucketPolicyException'],
      ['CreateTrail', { Name: 'some-trail', SlsProjectArn: 'acs:log:a:1:project/b' }, 400, 'UnsupportedOperation'],
      ['CreateTrail', { Name: 'some-trail', OssBucketName: 'audit', IsOrganizationTrail: 'true' }, 400, 'UnsupportedOperation'],
      ['GetTrailStatus', { Name: 'other-trail' }, 404, 'TrailNotFoundException'], ['DeleteTrail', { Name: 'other-trail' }, 404, 'TrailNotFoundException'],
    ]) {
      const answer = await send(service, rpc(me, action, { Version: version, ...parameters }, { method: 'POST' }));
      assert.deepEqual([answer.status, codeIn(answer)], [status, code], answer.text);
    }
    assert.match(JSON.parse((await send(service, rpc(me, 'CreateTrail', { Version: version, Name: 'some-trail', OssBucketName: 'unknown' }))).text).Message, /its operator has to name it in Kms:Trail:Buckets/);
  });

  test('a user needs the right, to this trail', async () => {
    const [one, other] = [newTrail(), newTrail()];
    for (const Name of [one, other]) await trails()('CreateTrail', { Name, OssBucketName: 'audit' });
    const ram = ramOf(service);
    const nobody = trails(await ram.caller());
    for (const [action, parameters] of [['LookupEvents', {}], ['DescribeTrails', {}], ['StopLogging', { Name: one }]]) assert.equal(await refusal(nobody(action, parameters)), 'NoPermission');
    // The name that DescribeTrails tells is good for policies, too.
    for (const resource of [`acs:actiontrail:*:${account}:trail/${one}`, `acs:actiontrail:local-1:${account}:trail/${one}`]) {
      const someone = trails(await ram.caller(allow(['actiontrail:*'], resource)));
      await someone('StartLogging', { Name: one });
      for (const [action, parameters] of [['StartLogging', { Name: other }], ['LookupEvents', {}], ['DescribeTrails', {}]]) assert.equal(await refusal(someone(action, parameters)), 'NoPermission');
    }
    const reader = trails(await ram.caller(allow(['actiontrail:LookupEvents'])));
    assert.ok((await reader('LookupEvents')).Events.length > 0);
  });
});

describe('delivery', () => {
  test('what is recorded while a trail logs is in objects whose names tell what they are, also after kill -9', async () => {
    const Name = newTrail();
    const prefix = 'of-kills';
    await trails()('CreateTrail', { Name, OssBucketName: 'audit', OssKeyPrefix: prefix });
    const before = await anyCall();
    await trails()('StartLogging', { Name });
    const ids = [];
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 20; i++) ids.push(await anyCall());
      await sleep(round * 400);
      await service.kill();
      service = await startService({ data, env });
    }
    const mine = () => delivered().filter(object => object.name.startsWith(prefix + '/'));
    const found = () => new Set(mine().flatMap(object => object.events.map(e => e.eventId)));
    await until(() => ids.every(id => found().has(id)));
    assert.ok(!found().has(before));
    for (const { name, bytes, events } of mine()) {
      const [, day, digits, count, size, md5] = name.match(/^of-kills\/AliyunLogs\/Actiontrail\/local-1\/(\d{4}\/\d\d\/\d\d)\/Actiontrail_local-1_(\d{14})_1002_(\d+)_(\d+)_([0-9a-f]{32})\.gz$/) ?? assert.fail(name);
      assert.deepEqual([digits.slice(0, 8), Number(count), Number(size), md5], [day.replaceAll('/', ''), events.length, bytes.length, createHash('md5').update(bytes).digest('hex')], basename(name));
      assert.ok(events.every(e => e.recipientAccountId === account));
    }
    // An event in a bucket is the one that is looked up.
    const [looked] = (await trails()('LookupEvents', { LookupAttribute: [{ Key: 'EventId', Value: ids[0] }] })).Events;
    assert.deepEqual(mine().flatMap(object => object.events).find(e => e.eventId === ids[0]), looked);
    await trails()('StopLogging', { Name });
    await trails()('DeleteTrail', { Name });
  });

  test('a store gets its objects', async () => {
    const Name = newTrail();
    await trails()('CreateTrail', { Name, OssBucketName: 'far-away', OssKeyPrefix: 'prefix', EventRW: 'Write' });
    await trails()('StartLogging', { Name });
    await anyCall();
    const { UserId } = (await popCore(service, service.credentials(account), '2015-05-01').request('CreateUser', { UserName: 'of-the-store' }, { method: 'POST' })).User;
    const found = () => [...objects].filter(([path]) => path.startsWith('/far-away/prefix/AliyunLogs/Actiontrail/local-1/')).flatMap(([, bytes]) => JSON.parse(gunzipSync(bytes)));
    await until(() => found().some(e => e.responseElements?.User?.UserId === UserId));
    assert.ok(found().every(e => e.eventRW === 'Write'));
  });
});

test('lookups have a rate', async () => {
  await service.stop();
  service = await startService({ data, env: { ...env, Kms__Trail__LookupsPerSecond: '1' } });
  const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(trails()('LookupEvents'))));
  assert.ok(codes.includes('Throttling.User') && codes.includes('success'), codes.join());
  assert.equal(await codeOf(trails(service.credentials('2000000000000002'))('LookupEvents')), 'success');
});
