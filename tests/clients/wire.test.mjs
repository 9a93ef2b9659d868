// The wire as SDKs and attackers send it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { Agent, request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Kms from '@alicloud/kms20160120';
import OpenApi from '@alicloud/openapi-client';
import TeaUtil from '@alicloud/tea-util';
import { popCore, startService, temporaryFolder } from './support/service.mjs';
import { acs3, codeIn, rpc, send } from './support/rpc.mjs';

let service, place, me, host, KeyId;
before(async () => {
  place = temporaryFolder();
  service = await startService({ data: join(place.folder, 'data') });
  me = service.credentials();
  host = `127.0.0.1:${service.port}`;
  KeyId = (await popCore(service).request('CreateKey', {})).KeyMetadata.KeyId;
});
after(async () => {
  await service?.stop();
  place.remove();
});

const call = async (...request) => JSON.parse((await send(service, rpc(me, ...request))).text);

test('kms20160120: everything in the query of a POST, the context flattened', async () => {
  const { default: Client, EncryptRequest, DecryptRequest, ListKeysRequest, CreateKeyRequest } = Kms;
  const kms = new Client({ accessKeyId: me.AccessKeyId, accessKeySecret: me.AccessKeySecret, endpoint: host, protocol: 'http' });
  const runtime = new TeaUtil.RuntimeOptions({});
  const made = await kms.createKey(new CreateKeyRequest({ protectionLevel: 'HSM', description: "a'(!)* b~中" }), runtime);
  assert.equal(made.keyMetadata.description, "a'(!)* b~中");
  const sealed = await kms.encrypt(new EncryptRequest({ keyId: made.keyMetadata.keyId, plaintext: 'SGVsbG8gK1dvcmxkLw==', encryptionContext: { 'a b': 'c+d' } }), runtime);
  const opened = await kms.decrypt(new DecryptRequest({ ciphertextBlob: sealed.ciphertextBlob, encryptionContext: { 'a b': 'c+d' } }), runtime);
  assert.equal(opened.plaintext, 'SGVsbG8gK1dvcmxkLw==');
  // The flattened and the JSON form are the same context.
  assert.equal((await call('Decrypt', { CiphertextBlob: sealed.ciphertextBlob, EncryptionContext: '{"a b":"c+d"}' })).Plaintext, 'SGVsbG8gK1dvcmxkLw==');
  assert.ok((await kms.listKeys(new ListKeysRequest({}), runtime)).totalCount >= 2);
  await assert.rejects(kms.encrypt(new EncryptRequest({ keyId: 'none', plaintext: 'x' }), runtime), error => /Forbidden\.KeyNotFound/.test(error.code));
});

for (const [name, signatureAlgorithm] of [['ACS3', undefined], ['v2', 'v2']]) {
  test(`openapi-client, signature ${name}`, async () => {
    const { default: Client, Config, Params, OpenApiRequest } = OpenApi;
    const client = new Client(new Config({ accessKeyId: me.AccessKeyId, accessKeySecret: me.AccessKeySecret, endpoint: host, protocol: 'http', signatureAlgorithm }));
    const callApi = async (action, query, body) => (await client.callApi(
      new Params({ action, version: '2016-01-20', protocol: 'HTTP', pathname: '/', method: 'POST', authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json' }),
      new OpenApiRequest({ query, body }), new TeaUtil.RuntimeOptions({}))).body;
    const sealed = await callApi('Encrypt', { KeyId }, { Plaintext: "a'(!)* b~中" });
    assert.equal((await callApi('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).Plaintext, "a'(!)* b~中");
    await assert.rejects(callApi('DescribeKey', { KeyId: 'none' }), error => error.code === 'Forbidden.KeyNotFound' && error.statusCode === 404);
  });
}

test('a parameter that is null in a JSON body was not sent', async () => {
  const body = JSON.stringify({ Description: null, KeySpec: null, PageNumber: null });
  const answer = await send(service, acs3(me, host, 'CreateKey', {}, { body, contentType: 'application/json' }));
  assert.deepEqual([answer.status, JSON.parse(answer.text).KeyMetadata?.Description], [200, ''], answer.text);
});

test('all ways to send a request give the same answer', async () => {
  const ways = [
    rpc(me, 'DescribeKey', { KeyId }), rpc(me, 'DescribeKey', { KeyId }, { method: 'POST' }), rpc(me, 'DescribeKey', { KeyId }, { method: 'POST', form: true }),
    rpc(me, 'DescribeKey', { KeyId }, { algorithm: 'sha256' }), rpc(me, 'DescribeKey', { KeyId, RegionId: 'cn-hangzhou', SignatureType: '', Format: undefined }),
    acs3(me, host, 'DescribeKey', { KeyId }), acs3(me, host, 'DescribeKey', { KeyId }, { method: 'GET' }),
    acs3(me, host, 'DescribeKey', {}, { body: `KeyId=${KeyId}`, contentType: 'application/x-www-form-urlencoded' }),
    acs3(me, host, 'DescribeKey', {}, { body: JSON.stringify({ KeyId }), contentType: 'application/json; charset=utf-8' }),
  ];
  for (const way of ways) {
    const answer = await send(service, way);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('content-type'), 'application/json;charset=utf-8');
    const { KeyMetadata, RequestId } = JSON.parse(answer.text);
    assert.equal(KeyMetadata.KeyId, KeyId);
    assert.equal(answer.headers.get('x-acs-request-id'), RequestId);
  }
});

test('a chunked form is read', async () => {
  const { body, headers } = rpc(me, 'DescribeKey', { KeyId }, { method: 'POST', form: true });
  const chunks = new ReadableStream({
    start(controller) {
      for (let i = 0; i < body.length; i += 50) controller.enqueue(new TextEncoder().encode(body.slice(i, i + 50)));
      controller.close();
    },
  });
  assert.equal(codeIn(await send(service, { method: 'POST', query: '', body: chunks, headers })), 'success');
});

test('XML is answered where it is asked for', async () => {
  const answer = await send(service, rpc(me, 'ListKeys', { Format: 'XML', PageSize: '1' }));
  assert.equal(answer.headers.get('content-type'), 'text/xml;charset=utf-8');
  assert.match(answer.text, /^<\?xml version='1\.0' encoding='UTF-8'\?><ListKeysResponse><Keys><Key><KeyId>[0-9a-f-]{36}<\/KeyId><KeyArn>acs:kms:[^<]+<\/KeyArn><\/Key><\/Keys><PageNumber>1<\/PageNumber><PageSize>1<\/PageSize><TotalCount>\d+<\/TotalCount><RequestId>[0-9A-F-]{36}<\/RequestId><\/ListKeysResponse>$/);
  const error = await send(service, rpc(me, 'DescribeKey', { Format: 'xml', KeyId: 'none' }));
  assert.equal(error.status, 404);
  assert.match(error.text, /^<\?xml version='1\.0' encoding='UTF-8'\?><Error><RequestId>[^<]+<\/RequestId><HostId>127\.0\.0\.1:\d+<\/HostId><Code>Forbidden\.KeyNotFound<\/Code><Message>The specified Key is not found\.<\/Message><\/Error>$/);
  const accepted = rpc(me, 'ListKeys', { Format: undefined });
  assert.match((await send(service, { ...accepted, headers: { accept: 'application/xml' } })).text, /^<\?xml/);
  assert.equal(codeIn(await send(service, rpc(me, 'ListKeys', { Format: 'YAML' }))), 'InvalidParameter.Format');
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: 'a\u0001' });
  assert.match((await send(service, rpc(me, 'Decrypt', { CiphertextBlob, Format: 'XML' }))).text, /InvalidParameter\.Format.*Format=JSON/);
});

test('a key is not made when XML could not tell of it', async () => {
  const { TotalCount } = await call('ListKeys', {});
  assert.match((await send(service, rpc(me, 'CreateKey', { Format: 'XML', Description: 'a\u0001' }))).text, /InvalidParameter\.Format/);
  assert.equal((await call('ListKeys', {})).TotalCount, TotalCount);
});

test('a request is answered once', async () => {
  for (const request of [rpc(me, 'ListKeys'), acs3(me, host, 'ListKeys')]) {
    assert.equal(codeIn(await send(service, request)), 'success');
    for (let i = 0; i < 3; i++) assert.equal(codeIn(await send(service, request)), 'SignatureNonceUsed');
  }
  const SignatureNonce = 'the-same';
  assert.equal(codeIn(await send(service, rpc(me, 'ListKeys', { SignatureNonce }))), 'success');
  assert.equal(codeIn(await send(service, rpc(me, 'DescribeKey', { KeyId, SignatureNonce }))), 'SignatureNonceUsed');
});

test('a wrong signature does not use the nonce up', async () => {
  const SignatureNonce = 'kept';
  const wrong = { ...me, AccessKeySecret: 'x'.repeat(30) };
  assert.equal(codeIn(await send(service, rpc(wrong, 'ListKeys', { SignatureNonce }))), 'SignatureDoesNotMatch');
  assert.equal(codeIn(await send(service, rpc(me, 'ListKeys', { SignatureNonce }))), 'success');
});

test('requests from outside the time window are refused', async () => {
  const at = minutes => new Date(Date.now() + minutes * 60000).toISOString().replace(/\.\d+Z$/, 'Z');
  for (const [minutes, code] of [[16, 'InvalidTimeStamp.Expired'], [14, 'success'], [-16, 'InvalidTimeStamp.Expired'], [-14, 'InvalidTimeStamp.Expired']]) {
    // The last one is inside the window but from before this process began to remember nonces.
    assert.equal(codeIn(await send(service, rpc(me, 'ListKeys', { Timestamp: at(minutes) }))), code, `${minutes} minutes`);
  }
  assert.equal(codeIn(await send(service, rpc(me, 'ListKeys', { Timestamp: 'now' }))), 'InvalidTimeStamp.Format');
});

test('what was changed after signing is refused', async () => {
  const altered = [
    rpc(me, 'ListKeys', { PageSize: '1' }, { change: r => ({ ...r, query: r.query.replace('PageSize=1', 'PageSize=2') }) }),
    rpc(me, 'ListKeys', {}, { change: r => ({ ...r, query: r.query + '&PageSize=2' }) }),
    rpc(me, 'ListKeys', {}, { change: r => ({ ...r, method: 'POST' }) }),
    rpc(me, 'DescribeKey', { KeyId }, { change: r => ({ ...r, query: r.query.replace('Action=DescribeKey', 'Action=DisableKey') }) }),
    acs3(me, host, 'ListKeys', { PageSize: '1' }, { change: r => ({ ...r, query: 'PageSize=2' }) }),
    acs3(me, host, 'DescribeKey', { KeyId }, { change: r => ({ ...r, headers: { ...r.headers, 'x-acs-action': 'DisableKey' } }) }),
    acs3(me, 'kms.example.com', 'ListKeys'),
  ];
  for (const request of altered) assert.equal(codeIn(await send(service, request)), 'SignatureDoesNotMatch');
  assert.equal((await call('DescribeKey', { KeyId })).KeyMetadata.KeyState, 'Enabled');
});

test('the string to sign comes back last and to the letter', async () => {
  const wrong = { ...me, AccessKeySecret: 'x'.repeat(30) };
  const request = acs3(wrong, host, 'ListKeys', { PageSize: '1' });
  const { Message } = JSON.parse((await send(service, request)).text);
  assert.ok(Message.endsWith(`\n${request.headers['x-acs-content-sha256']}`));
  assert.match(Message, /server string to sign is:POST\n\/\nPageSize=1\n/);
});

test('what is no call is refused with an answer of the API, or shortly', async () => {
  const bare = (query, options = {}) => send(service, { method: 'GET', query, headers: {}, ...options });
  for (const [answer, status, code] of [
    [await bare(''), 400, 'MissingAction'],
    [await bare('Action=ListKeys'), 400, 'MissingVersion'],
    [await bare('Action=ListKeys&Version=2016-01-20'), 400, 'MissingAccessKeyId'],
    [await bare('Action=ListKeys&Version=2015-01-01'), 400, 'InvalidVersion'],
    [await bare('Action=listKeys&Version=2016-01-20'), 404, 'InvalidAction.NotFound'],
    [await bare('Action=%FF'), 400, 'ParseRequestParameterException'],
    [await bare('', { method: 'PUT' }), 403, 'UnsupportedHTTPMethod'],
    [await bare('', { method: 'POST', body: 'x=1', headers: { 'content-type': 'text/plain' } }), 400, 'ParseRequestParameterException'],
    [await bare('', { method: 'POST', body: 'x=' + 'x'.repeat(300 * 1024), headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 413, 'RequestTooLarge'],
    [await bare(Array.from({ length: 2049 }, (_, i) => `p${i}=x`).join('&')), 413, 'RequestTooLarge'],
  ]) {
    assert.deepEqual([answer.status, codeIn(answer)], [status, code]);
    assert.match(JSON.parse(answer.text).RequestId, /^[0-9A-F-]{36}$/);
  }
  assert.equal((await fetch(service.url + '/favicon.ico')).status, 404);
  assert.ok((await fetch(service.url, { method: 'HEAD' })).status >= 400);
});

test('a request line of a hundred KiB is taken', async () => {
  const Plaintext = Buffer.alloc(6144, 0xfb).toString('base64');
  const request = rpc(me, 'Encrypt', { KeyId, Plaintext, Padding: '+'.repeat(30000) });
  assert.ok(request.query.length > 90000);
  assert.equal(codeIn(await send(service, request)), 'success');
});

test('TLS with a PEM pair, HTTP/1.1 and HTTP/2', async () => {
  const [cert, key] = [join(place.folder, 'tls.pem'), join(place.folder, 'tls.key')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const secure = await startService({ data: join(place.folder, 'tls'), env: { Kms__Gateway__CertificateFile: cert, Kms__Gateway__KeyFile: key } });
  const ca = readFileSync(cert);
  const mine = secure.credentials();
  assert.equal(mine.Endpoint, `https://127.0.0.1:${secure.port}`);

  const session = connect(mine.Endpoint, { ca, maxSendHeaderBlockLength: 256 * 1024 });
  const over2 = await new Promise((accept, refuse) => {
    const stream = session.request({ ':path': '/?' + rpc(mine, 'ListKeys').query });
    let text = '';
    stream.on('data', chunk => (text += chunk)).on('end', () => accept(text)).on('error', refuse);
  });
  assert.equal(session.alpnProtocol, 'h2');
  // The path is a header in HTTP/2, and as long as a request line may be.
  const long = '/?' + rpc(mine, 'ListKeys', { Padding: '+'.repeat(30000) }).query;
  assert.ok(long.length > 90000);
  const answer = await new Promise((accept, refuse) => session.request({ ':path': long }).on('response', accept).on('error', refuse));
  assert.equal(answer[':status'], 200);
  session.close();
  assert.equal(JSON.parse(over2).TotalCount, 0);

  const over1 = await new Promise((accept, refuse) => {
    httpsRequest(`${mine.Endpoint}/?${rpc(mine, 'ListKeys').query}`, { agent: new Agent({ ca }) }, answer => {
      let text = '';
      answer.on('data', chunk => (text += chunk)).on('end', () => accept(text));
    }).on('error', refuse).end();
  });
  assert.equal(JSON.parse(over1).TotalCount, 0);
  assert.equal(await secure.stop(), 0);
});
