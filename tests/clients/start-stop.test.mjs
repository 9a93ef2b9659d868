// What an operator meets: starting, restarting, stopping, and what is told when it cannot start.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { codeIn, rpc } from './support/rpc.mjs';
import { codeOf, freePort, popCore, run, startService, stopWhileStarting, temporaryFolder } from './support/service.mjs';

let place, data;
before(() => {
  place = temporaryFolder();
  data = join(place.folder, 'data');
});
after(() => place.remove());

function assertRefused({ code, stdout, stderr }, pattern) {
  assert.notEqual(code, 0);
  assert.equal(stdout, '');
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.match(stderr, pattern);
}

const mode = path => (statSync(path).mode & 0o777).toString(8);

test('the first start makes an account of its own, readable by its owner only', async () => {
  const service = await startService({ data });
  assert.match(service.line, new RegExp(`^Orleans.Kms is ready: ${service.url}, .*credentials.json`));
  const credentials = service.credentials();
  assert.deepEqual(Object.keys(credentials).sort(), ['AccessKeyId', 'AccessKeySecret', 'AccountId', 'Endpoint', 'RegionId']);
  assert.match(credentials.AccountId, /^\d{16}$/);
  assert.match(credentials.AccessKeyId, /^LTAI[A-Za-z0-9]{20}$/);
  assert.match(credentials.AccessKeySecret, /^[A-Za-z0-9]{30}$/);
  assert.equal(credentials.Endpoint, service.url);
  assert.deepEqual(service.credentials(credentials.AccountId), credentials);
  for (const file of ['credentials.json', `accounts/${credentials.AccountId}.json`, 'hsm/user.pin', 'hsm/so.pin', 'kms.db', 'grains.db']) {
    assert.equal(mode(join(data, file)), '600', file);
  }
  assert.equal(mode(data), '700');
  assert.equal(await service.stop(), 0);
});

test('a restart keeps everything, and adds accounts', async () => {
  const first = await startService({ data });
  const { KeyMetadata: { KeyId } } = await popCore(first).request('CreateKey', { ProtectionLevel: 'HSM' });
  const { CiphertextBlob } = await popCore(first).request('Encrypt', { KeyId, Plaintext: 'x' });
  const before = first.credentials();
  assert.equal(await first.stop(), 0);

  const second = await startService({ data, args: ['--account', '3000000000000003'] });
  assert.deepEqual(second.credentials(), { ...before, Endpoint: second.url });
  assert.equal((await popCore(second).request('Decrypt', { CiphertextBlob })).Plaintext, 'x');
  assert.equal((await popCore(second, second.credentials('3000000000000003')).request('ListKeys', {})).TotalCount, 0);
  assert.equal(await second.stop(), 0);
});

test('health pages tell that it lives and that it can serve', async () => {
  const service = await startService({ data });
  const alive = await fetch(`${service.url}/healthz`);
  assert.deepEqual([alive.status, await alive.text()], [200, 'alive']);
  const ready = await fetch(`${service.url}/readyz`);
  assert.deepEqual([ready.status, await ready.json()], [200, { silo: 'ok', database: 'ok', storage: 'ok', trail: 'ok', token: 'ok' }]);
  await service.stop();
});

test('while the token is away its calls are refused and others go on, and when it is back all do', async () => {
  const folder = join(place.folder, 'token-away');
  const service = await startService({ data: folder });
  const kms = popCore(service);
  const ready = async () => (await fetch(`${service.url}/readyz`)).status;
  const keys = {};
  for (const ProtectionLevel of ['SOFTWARE', 'HSM']) {
    keys[ProtectionLevel] = (await kms.request('CreateKey', { ProtectionLevel })).KeyMetadata.KeyId;
    await kms.request('Encrypt', { KeyId: keys[ProtectionLevel], Plaintext: 'x' });
  }
  const encrypt = level => codeOf(kms.request('Encrypt', { KeyId: keys[level], Plaintext: 'x' }));
  renameSync(join(folder, 'hsm/tokens'), join(folder, 'hsm/away'));
  assert.equal(await ready(), 503);
  for (let i = 0; i < 20; i++) assert.deepEqual([await encrypt('HSM'), await encrypt('SOFTWARE')], ['ServiceUnavailableTemporary', 'success']);
  assert.equal(await codeOf(kms.request('CreateKey', {})), 'ServiceUnavailableTemporary');
  assert.equal((await kms.request('ListKeys', {})).TotalCount, 2);
  renameSync(join(folder, 'hsm/away'), join(folder, 'hsm/tokens'));
  const back = Date.now();
  while (await ready() !== 200) assert.ok(Date.now() - back < 20000, service.log());
  assert.deepEqual([await encrypt('HSM'), await encrypt('SOFTWARE')], ['success', 'success']);
  assert.equal(await service.stop(), 0);
});

test('SIGTERM lets the calls in flight end', async () => {
  const service = await startService({ data });
  const { KeyMetadata: { KeyId } } = await popCore(service).request('CreateKey', {});
  const calls = Array.from({ length: 50 }, () => begin(service, rpc(service.credentials(), 'Encrypt', { KeyId, Plaintext: 'x' }, { method: 'POST', form: true })));
  await Promise.all(calls.map(call => call.begun));
  service.signal('SIGTERM');
  // It has heard when it takes no new connection any more.
  while (await connects(service)) await new Promise(setImmediate);
  for (const call of calls) call.finish();
  for (const call of calls) assert.equal(codeIn(await call.answer), 'success');
  assert.deepEqual(await service.ended, [0, null]);
});

/** Sends a request except its body, and the body when told to; `begun` is when the service reads it. */
function begin(service, { method, body, headers }) {
  const sent = request(service.url, { method, headers: { ...headers, 'content-length': body.length, expect: '100-continue' } });
  sent.flushHeaders();
  const answer = (async () => {
    const [response] = await once(sent, 'response');
    return { text: await text(response) };
  })();
  return { begun: Promise.race([once(sent, 'continue'), answer]), finish: () => sent.end(body), answer };
}

async function connects(service) {
  const socket = connect(service.port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test('a second process on the same folder is refused', async () => {
  const service = await startService({ data });
  assertRefused(await run(['--data', data, '--port', String(await freePort())]), /in use by another Orleans\.Kms process/);
  assert.equal((await popCore(service).request('ListKeys', {})).PageNumber, 1);
  await service.stop();
});

test('a taken port is refused before anything is made', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const fresh = join(place.folder, 'fresh');
  assertRefused(await run(['--data', fresh, '--port', String(taken.address().port)]), /port \d+ is taken.*--port/);
  assert.throws(() => statSync(fresh), { code: 'ENOENT' });
  taken.close();
});

test('a folder that cannot be written is refused', async () => {
  assertRefused(await run(['--data', '/proc/kms', '--port', String(await freePort())]), /\/proc\/kms cannot be written/);
  writeFileSync(join(place.folder, 'file'), '');
  assertRefused(await run(['--data', join(place.folder, 'file'), '--port', String(await freePort())]), /cannot be written/);
});

test('settings out of range and ports that are taken are told in one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  for (const [name, value, pattern] of [
    ['Kms__Gateway__Port', '0', /Port/], ['Kms__Hsm__Lanes', '0', /Kms:Hsm:Lanes is from 1 to 64/], ['Kms__Hsm__CallTimeout', 'soon', /cannot be read/],
    ['Kms__Hsm__ModulePath', '/nothing.so', /No PKCS#11 module at '\/nothing\.so'/], ['Kms__Gateway__CertificateFile', '/nothing.pem', /belong together/],
    ['Kms__Orleans__GatewayPort', String(taken.address().port), /port \d+ of Kms:Orleans:GatewayPort is taken/],
  ]) {
    const port = name === 'Kms__Gateway__Port' ? [] : ['--port', String(await freePort())];
    assertRefused(await run(['--data', join(place.folder, 'settings'), ...port], { env: { ...process.env, [name]: value } }), pattern);
  }
  taken.close();
});

test('SIGTERM before it is ready ends it without a crash', async () => {
  for (const entries of [2, 8, 14]) {
    const folder = join(place.folder, `stopped-${entries}`);
    const { code, signal, log } = await stopWhileStarting({ data: folder, signal: 'SIGTERM', isDue: () => existsSync(folder) && readdirSync(folder, { recursive: true }).length >= entries });
    assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal} ${log}`);
    assert.doesNotMatch(log, /Unhandled/);
  }
});

test('SIGTERM while the silo starts ends it without a crash', async () => {
  for (let delay = 0; delay < 1600; delay += 160) {
    let due = Infinity;
    const { code, signal, log } = await stopWhileStarting({
      data, signal: 'SIGTERM', isDue: log => {
        if (due === Infinity && log.includes('The token offers')) due = performance.now() + delay;
        return performance.now() >= due;
      },
    });
    // Until the host listens to signals, they end it as they end any process.
    assert.ok(code === 0 || signal === 'SIGTERM', `${code} ${signal} ${log}`);
  }
});

test('folders with odd names are used, or refused with a reason', async () => {
  const service = await startService({ data: join(place.folder, 'a b;é"') });
  assert.equal((await popCore(service).request('ListKeys', {})).TotalCount, 0);
  await service.stop();
  assertRefused(await run(['--data', join(place.folder, 'a#b'), '--port', String(await freePort())]), /'#' or '='.*another data folder/);
});

test('unknown and malformed arguments are refused', async () => {
  for (const [args, pattern] of [[['--prot', '1'], /--prot is unknown/], [['--port'], /--port lacks a value/], [['--port', '99999'], /99999 is no port/], [['--account', '12'], /16 digits/], [['--data', ''], /--data lacks a value/]]) {
    assertRefused(await run(args), pattern);
  }
});

for (const [what, harm, pattern] of [
  ['a wrong PIN', folder => writeFileSync(join(folder, 'hsm/user.pin'), '0'.repeat(32)), /refuses the PIN/],
  ['a missing PIN', folder => rmSync(join(folder, 'hsm/user.pin')), /user\.pin.*restore/],
  ['a missing token', folder => rmSync(join(folder, 'hsm/tokens'), { recursive: true }), /restore the folder/],
  ['an empty token folder', folder => { for (const entry of readdirSync(join(folder, 'hsm/tokens'))) rmSync(join(folder, 'hsm/tokens', entry), { recursive: true }); }, /restore/],
  ['a token without its root key', folder => eachObject(folder, path => rmSync(path)), /root.*restore/],
  ['a token whose objects are damaged', folder => eachObject(folder, path => writeFileSync(path, 'x'.repeat(statSync(path).size))), /restore/],
  ['a lost kms.db', folder => { for (const end of ['', '-wal', '-shm']) rmSync(join(folder, 'kms.db' + end), { force: true }); }, /kms\.db lacks the service key of .*grains\.db; restore both/],
  ['a damaged database', folder => writeFileSync(join(folder, 'kms.db'), 'x'.repeat(8192)), /kms\.db cannot be used as a database/],
  ['damaged credentials', folder => writeFileSync(join(folder, 'credentials.json'), '{'), /credentials\.json holds no credentials/],
]) {
  test(`${what} is told in one line, and nothing is harmed`, async () => {
    const copy = join(place.folder, what.replaceAll(' ', '-'));
    cpSync(data, copy, { recursive: true });
    harm(copy);
    const before = snapshot(copy);
    assertRefused(await run(['--data', copy, '--port', String(await freePort())]), pattern);
    assert.deepEqual(snapshot(copy), before);
  });
}

function eachObject(folder, act) {
  const tokens = join(folder, 'hsm/tokens');
  for (const entry of readdirSync(tokens, { recursive: true })) if (/[0-9a-f-]{36}\.object$/.test(entry)) act(join(tokens, entry));
}

/** What must not change: keys, PINs and credentials. In token.object SoftHSM itself counts its changes, logins among them. */
function snapshot(folder) {
  const content = {};
  for (const part of ['hsm', 'accounts', 'credentials.json']) {
    const path = join(folder, part);
    if (statSync(path).isFile()) content[part] = readFileSync(path, 'hex');
    else for (const entry of readdirSync(path, { recursive: true })) {
      const file = join(path, entry);
      if (statSync(file).isFile() && !/softhsm2\.conf$|\.lock$|token\.object$|generation$/.test(file)) content[join(part, entry)] = readFileSync(file, 'hex');
    }
  }
  return content;
}
