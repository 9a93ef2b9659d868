// Whose word about a caller's address counts: policies that ask for it are the witness.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { allow, ramOf } from './support/ram.mjs';
import { codeIn, rpc, send } from './support/rpc.mjs';
import { freePort, run, startService, temporaryFolder } from './support/service.mjs';

const place = temporaryFolder();
after(() => place.remove());

const start = env => startService({ data: join(place.folder, 'data'), env: { Kms__RootKeyFile: join(place.folder, 'root.keys'), ...env } });
const far = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
/** How a call ends that is allowed from 203.0.113.9 over TLS alone. */
const outcome = async (service, caller, headers, parameters = {}) => {
  const request = rpc(caller, 'ListKeys', parameters);
  return codeIn(await send(service, { ...request, headers: { ...request.headers, ...headers } }));
};

test('forwarding headers count from trusted proxies alone', async () => {
  // The framework's own switch would trust everybody.
  const closed = await start({ ASPNETCORE_FORWARDEDHEADERS_ENABLED: 'true' });
  const caller = await ramOf(closed).caller(allow('kms:ListKeys', '*', { IpAddress: { 'acs:SourceIp': '203.0.113.0/24' }, Bool: { 'acs:SecureTransport': 'true' } }));
  assert.equal(await outcome(closed, caller, far), 'Forbidden.NoPermission');
  assert.equal(await outcome(closed, caller, {}, { SourceIp: '203.0.113.9', SecureTransport: 'true' }), 'Forbidden.NoPermission');
  assert.equal(await closed.stop(), 0);

  const trusting = await start({ Kms__Gateway__TrustedProxies__0: '127.0.0.1', Kms__Gateway__TrustedProxies__1: '10.0.0.0/8' });
  for (const [headers, code] of [
    [far, 'success'],
    [{ ...far, 'x-forwarded-for': '203.0.113.9, 10.1.2.3' }, 'success'],
    // What the caller itself put there stands to the left of what the proxy saw.
    [{ ...far, 'x-forwarded-for': '203.0.113.9, 198.51.100.7' }, 'Forbidden.NoPermission'],
    [{ 'x-forwarded-for': '203.0.113.9' }, 'Forbidden.NoPermission'],
    [{ 'x-forwarded-proto': 'https' }, 'Forbidden.NoPermission'],
    [{}, 'Forbidden.NoPermission'],
  ]) assert.equal(await outcome(trusting, caller, headers), code, JSON.stringify(headers));
  assert.equal(await trusting.stop(), 0);

  const elsewhere = await start({ Kms__Gateway__TrustedProxies__0: '10.0.0.0/8' });
  assert.equal(await outcome(elsewhere, caller, far), 'Forbidden.NoPermission');
  assert.equal(await elsewhere.stop(), 0);
});

test('proxies that are none keep the service from starting', async () => {
  for (const [setting, value] of [['Kms__Gateway__TrustedProxies__0', 'proxy.example.com'], ['Kms__Gateway__TrustedProxies', '10.0.0.1']]) {
    const { code, stdout, stderr } = await run(['--data', join(place.folder, 'never'), '--port', String(await freePort())], { env: { ...process.env, [setting]: value } });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^Orleans\.Kms cannot start: .*Kms:Gateway:TrustedProxies/);
  }
});
