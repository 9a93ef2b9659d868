// What operators see, and what neither they nor callers get to see.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { acs3, codeIn, rpc, send } from './support/rpc.mjs';
import { codeOf, freePort, popCore, run, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
const limited = '3000000000000003';
const secret = `plaintext-${randomUUID()}`;
const received = [];
const collector = createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk)).on('end', () => {
    received.push({ path: request.url, body: Buffer.concat(chunks) });
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});
let service;
let monitoring;
let kms;
let keyId;

/** Waits for something that comes by itself. */
async function until(what, look) {
  for (const end = Date.now() + 30_000; ; await sleep(50)) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`There is no ${what}. The log: ${service.log()}`);
  }
}
const get = async (port, path, options) => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, options);
  return { status: answer.status, text: await answer.text() };
};
/** The series that are exported now, as lines. */
const series = async () => (await get(monitoring, '/metrics')).text.split('\n').filter(line => line && !line.startsWith('#'));
const names = lines => new Set(lines.map(line => line.match(/^\w+/)[0]));

before(async () => {
  await once(collector.listen(0, '127.0.0.1'), 'listening');
  monitoring = await freePort();
  mkdirSync(join(place.folder, 'bucket'));
  service = await startService({
    data: join(place.folder, 'data'), args: ['--account', '1000000000000001', '--account', limited],
    env: {
      Kms__Monitoring__Port: String(monitoring), Kms__Monitoring__Dashboard: 'true', Kms__Logging__Format: 'Json', [`Kms__Quotas__Accounts__${limited}__SymmetricCallsPerSecond`]: '1',
      Kms__Trail__Buckets__0__Name: 'audit', Kms__Trail__Buckets__0__Folder: join(place.folder, 'bucket'), Kms__Trail__CheckpointSeconds: '1',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.address().port}`, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  });
  kms = popCore(service);
  keyId = (await kms.request('CreateKey', { ProtectionLevel: 'HSM' }, { method: 'POST' })).KeyMetadata.KeyId;
});
after(async () => {
  assert.equal(await service?.stop(), 0);
  collector.close();
  place.remove();
});

test('each port serves what is meant for it and nothing else', async () => {
  for (const path of ['/metrics', '/metrics/', '/dashboard/', '/dashboard', '/dashboard/DashboardCounters', '/dashboard/GrainTypes']) {
    for (const headers of [{}, { host: `127.0.0.1:${monitoring}`, 'x-forwarded-host': `127.0.0.1:${monitoring}`, 'x-forwarded-for': '127.0.0.1' }]) {
      assert.deepEqual(await get(service.port, path, { headers }), { status: 404, text: '' }, path);
    }
  }
  for (const path of ['/healthz', '/readyz']) for (const port of [service.port, monitoring]) assert.equal((await get(port, path)).status, 200, path);
  const request = rpc(service.credentials(), 'ListKeys');
  assert.deepEqual(await get(monitoring, `/?${request.query}`), { status: 404, text: '' });
  assert.equal(codeIn(await send(service, request)), 'success');
});

test('every metric of dashboard and alerts is exported', async () => {
  const trail = popCore(service, undefined, '2020-07-06');
  await trail.request('CreateTrail', { Name: 'monitored', OssBucketName: 'audit' }, { method: 'POST' });
  await trail.request('StartLogging', { Name: 'monitored' }, { method: 'POST' });
  const other = popCore(service, service.credentials(limited));
  const { KeyMetadata: { KeyId } } = await other.request('CreateKey', {}, { method: 'POST' });
  const outcomes = new Set();
  while (!outcomes.has('Rejected.Throttling')) outcomes.add(await codeOf(other.request('Encrypt', { KeyId, Plaintext: secret }, { method: 'POST' })));
  const folder = resolve(import.meta.dirname, '../../k8s/monitoring');
  const alerts = readFileSync(join(folder, 'alerts.yaml'), 'utf8').split('\n').filter(line => !/^\s*(#|summary|runbook|labels|- alert|- name)/.test(line)).join('\n');
  const board = JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8'));
  const used = text => text.match(/\b(kms|orleans|dotnet|kestrel)_\w+/g);
  const expressions = board.panels.flatMap(panel => panel.targets ?? []).map(target => target.expr);
  assert.ok(expressions.length > 30 && used(alerts).length > 10);
  const wanted = new Set([...used(alerts), ...expressions.flatMap(expression => used(expression))]);
  await until(`metric of each name, but only ${[...names(await series())].join(' ')}`, async () => {
    const exported = names(await series());
    return [...wanted].every(name => exported.has(name));
  });
  const codes = new Set(['src/Contracts/Errors/KmsErrorCodes.cs', 'src/Contracts/Ram/RamErrors.cs', 'src/Gateway/Protocol/Failure.cs']
    .flatMap(file => [...readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8').matchAll(/"([A-Z][\w.]+)"/g)].map(match => match[1])));
  const told = [...alerts.matchAll(/code=~?"([^"]+)"/g), ...expressions.flatMap(expression => [...expression.matchAll(/code=~?"([^"$]+)"/g)])].flatMap(match => match[1].split('|'));
  assert.ok(told.includes('ServiceUnavailableTemporary'));
  assert.deepEqual(told.filter(code => !codes.has(code)), []);
  const runbook = readFileSync(resolve(import.meta.dirname, '../../docs/monitoring.md'), 'utf8');
  for (const [, alert] of readFileSync(join(folder, 'alerts.yaml'), 'utf8').matchAll(/- alert: (\w+)/g)) assert.match(runbook, new RegExp(`^### ${alert}$`, 'm'));
});

test('figures tell what is the case', async () => {
  await kms.request('Encrypt', { KeyId: keyId, Plaintext: secret }, { method: 'POST' });
  const lines = await until('checkpoint', async () => {
    const all = await series();
    return all.some(line => /^kms_trail_checkpoints_total\S* [1-9]/.test(line)) && all;
  });
  const value = pattern => Number(lines.find(line => pattern.test(line))?.split(' ').at(-1));
  assert.equal(value(/^kms_silo_active/), 1);
  assert.equal(value(/^kms_silos\{status="Active"\}/), 1);
  assert.equal(value(/^kms_keys_overdue(\{\})? /), 0);
  assert.equal(value(/^kms_trail_failures_total/), 0);
  assert.ok(value(/^kms_trail_checkpoint_age_seconds/) < 60);
  assert.ok(value(/^kms_requests_total\{action="Encrypt",code="OK"\}/) > 0);
  assert.ok(value(/^kms_rate_refused_total\{action="kms:Encrypt",class="Symmetric"\}/) > 0);
  assert.ok(value(/^kms_request_duration_seconds_bucket\{action="Encrypt",le="15"\}/) > 0);
});

test('callers cannot make up series', async () => {
  const credentials = service.credentials();
  const made = randomUUID().replaceAll('-', '');
  for (const request of [
    rpc(credentials, `Action${made}`), rpc(credentials, 'ListKeys', { Version: made }), rpc({ ...credentials, AccessKeyId: made }, 'ListKeys'), rpc(credentials, 'DescribeKey', { KeyId: made }),
    rpc(credentials, 'Encrypt', { KeyId: keyId, Plaintext: secret, [made]: made }), acs3(credentials, `127.0.0.1:${service.port}`, `Action${made}`, {}, { headers: { 'user-agent': made } }),
  ]) await send(service, request);
  await fetch(`${service.url}/${made}`, { method: 'PUT', headers: { host: made } });
  assert.doesNotMatch((await series()).join('\n'), new RegExp(made));
});

test('traces carry the request id and the way of the call, and nothing of its content', async () => {
  const caller = { trace: randomUUID().replaceAll('-', ''), span: randomUUID().replaceAll('-', '').slice(16) };
  const request = rpc(service.credentials(), 'Encrypt', { KeyId: keyId, Plaintext: secret, EncryptionContext: JSON.stringify({ context: secret }) });
  // Not sampled, says the caller: that is not for it to say.
  const answer = await send(service, { ...request, headers: { traceparent: `00-${caller.trace}-${caller.span}-00`, tracestate: 'tenant=made-up-state', baggage: 'made-up-baggage=1' } });
  const forged = rpc({ ...service.credentials(), AccessKeySecret: 'wrong' }, 'Encrypt', { KeyId: keyId, Plaintext: secret });
  assert.equal(codeIn(await send(service, forged)), 'SignatureDoesNotMatch');
  assert.equal(codeIn(await send(service, rpc(service.credentials(), 'CreateAlias', { KeyId: keyId, AliasName: secret }))), 'InvalidParameter');
  const requestId = JSON.parse(answer.text).RequestId;
  await until('span of the request', () => received.some(({ body }) => body.includes(requestId)));
  await until('span of the grain call', () => received.some(({ body }) => body.includes('IKeyGrain/Encrypt')));
  await until('span of the refused call', () => received.some(({ body }) => body.includes('InvalidParameter')));
  assert.deepEqual([...new Set(received.map(({ path }) => path))], ['/v1/traces']);
  const all = Buffer.concat(received.map(({ body }) => body));
  assert.ok(all.includes(Buffer.from(caller.trace, 'hex')), 'the trace of the caller is linked');
  const { AccessKeySecret } = service.credentials();
  for (const word of [secret, Buffer.from(secret).toString('base64'), AccessKeySecret, 'made-up', 'exception.message', 'exception.stacktrace', 'url.query', JSON.parse(answer.text).CiphertextBlob]) assert.ok(!all.includes(word), word);
});

test('log lines are JSON, those about a request have its id, and none has its content', async () => {
  await service.told(/is over its limit/);
  const lines = service.log().split('\n').filter(line => line && !line.startsWith('Orleans.Kms is ready')).map(line => JSON.parse(line));
  const line = lines.find(each => each.Message.includes('is over its limit'));
  const requestId = line.Scopes.find(scope => scope.RequestId)?.RequestId;
  assert.match(requestId, /^[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$/);
  const events = await popCore(service, service.credentials(limited), '2020-07-06').request('LookupEvents', { 'LookupAttribute.1.Key': 'EventId', 'LookupAttribute.1.Value': requestId }, { method: 'POST' });
  assert.deepEqual(events.Events.map(event => [event.eventName, event.errorCode]), [['Encrypt', 'Rejected.Throttling']]);
  for (const word of [secret, service.credentials().AccessKeySecret, service.credentials(limited).AccessKeySecret]) assert.ok(!service.log().includes(word));
});

test('the dashboard shows figures, and neither state nor arguments nor log lines', async () => {
  await kms.request('Encrypt', { KeyId: keyId, Plaintext: secret }, { method: 'POST' });
  const shown = await get(monitoring, '/dashboard/DashboardCounters');
  const { hosts: [{ siloAddress }] } = JSON.parse(shown.text);
  const texts = [shown.text];
  for (const path of ['', 'ClusterStats', 'TopGrainMethods', 'Reminders', 'GrainTypes', 'LifecycleStages', ...['SiloStats', 'SiloProperties', 'SiloMetadata', 'SiloCounters', 'HistoricalStats'].map(each => `${each}/${siloAddress}`), 'GrainStats/Orleans.Kms.Grains.Keys.KeyGrain']) {
    const { status, text } = await get(monitoring, `/dashboard/${path}`);
    assert.equal(status, 200, path);
    texts.push(text);
  }
  await until('figure of Encrypt', async () => /Encrypt/.test((await get(monitoring, '/dashboard/GrainStats/Orleans.Kms.Grains.Keys.KeyGrain')).text) || !(await kms.request('Encrypt', { KeyId: keyId, Plaintext: secret }, { method: 'POST' })));
  for (const word of [secret, service.credentials().AccessKeySecret]) for (const text of texts) assert.ok(!text.includes(word));
  for (const path of ['GrainState', 'GrainState/', 'grainstate', 'Trace', 'Trace/']) {
    assert.deepEqual(await get(monitoring, `/dashboard/${path}?grainId=1000000000000001/${keyId}&grainType=Orleans.Kms.Grains.Keys.KeyGrain`), { status: 404, text: '' }, path);
  }
  assert.doesNotMatch(service.log(), /"LogLevel":"(Error|Critical)"/);
});

test('settings that cannot be used keep the service from starting', async () => {
  for (const [env, reason] of [
    [{ Kms__Monitoring__Port: '70000' }, /Kms:Monitoring:Port is from 0 to 65535/], [{ Kms__Monitoring__Address: 'localhost' }, /Kms:Monitoring:Address localhost is no IP address/],
    [{ Kms__Monitoring__Dashboard: 'true' }, /Kms:Monitoring:Dashboard needs Kms:Monitoring:Port/], [{ Kms__Logging__Format: 'Xml' }, /Kms:Logging:Format/],
    [{ Kms__Monitoring__Port: String(monitoring) }, /is taken or not allowed/], [{ Kms__Quotas__ReadsPerSecond: '0' }, /ReadsPerSecond is from 1/],
  ]) {
    const { code, stdout, stderr } = await run(['--data', join(place.folder, 'never'), '--port', String(await freePort())], { env: { ...process.env, ...env } });
    assert.deepEqual([code, stdout], [1, ''], JSON.stringify(env));
    assert.match(stderr, reason);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
});
