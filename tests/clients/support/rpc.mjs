// Requests signed by hand, to send what no SDK would.
import { createHash, createHmac, randomUUID } from 'node:crypto';

const encode = text => encodeURIComponent(text).replace(/[!'()*]/g, c => '%' + c.charCodeAt(0).toString(16).toUpperCase());
const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

/** A signed request of RPC signature 1.0; `change` may alter it after signing. */
export function rpc(credentials, action, parameters = {}, { method = 'GET', form = false, algorithm = 'sha1', change = x => x } = {}) {
  const all = {
    Action: action, Version: '2016-01-20', Format: 'JSON', AccessKeyId: credentials.AccessKeyId, SignatureMethod: algorithm === 'sha1' ? 'HMAC-SHA1' : 'HMAC-SHA256',
    SignatureVersion: '1.0', SignatureNonce: randomUUID(), Timestamp: now(), ...parameters,
  };
  for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
  const list = Object.keys(all).sort().map(name => `${encode(name)}=${encode(all[name])}`).join('&');
  const signature = createHmac(algorithm, credentials.AccessKeySecret + '&').update(`${method}&%2F&${encode(list)}`).digest('base64');
  const query = `${list}&Signature=${encode(signature)}`;
  return change({ method, query: form ? '' : query, body: form ? query : undefined, headers: form ? { 'content-type': 'application/x-www-form-urlencoded' } : {} });
}

/** A signed request of ACS3-HMAC-SHA256. */
export function acs3(credentials, host, action, query = {}, { method = 'POST', body = '', contentType, headers = {}, change = x => x } = {}) {
  const all = {
    host, 'x-acs-action': action, 'x-acs-version': '2016-01-20', 'x-acs-date': now(), 'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': createHash('sha256').update(body).digest('hex'), ...(contentType && { 'content-type': contentType }), ...headers,
  };
  const names = Object.keys(all).sort();
  const canonicalQuery = Object.keys(query).sort().map(name => `${encode(name)}=${encode(query[name])}`).join('&');
  const canonical = [method, '/', canonicalQuery, names.map(n => `${n}:${all[n]}\n`).join(''), names.join(';'), all['x-acs-content-sha256']].join('\n');
  const stringToSign = 'ACS3-HMAC-SHA256\n' + createHash('sha256').update(canonical).digest('hex');
  const signature = createHmac('sha256', credentials.AccessKeySecret).update(stringToSign).digest('hex');
  const { host: _, ...sent } = all;
  return change({
    method, query: canonicalQuery, body: body || undefined,
    headers: { ...sent, authorization: `ACS3-HMAC-SHA256 Credential=${credentials.AccessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}` },
  });
}

/** Sends a request and gives status, headers and text of the answer. */
export async function send(service, { method, query, body, headers }) {
  const answer = await fetch(`${service.url}/${query ? '?' + query : ''}`, { method, body, headers, duplex: body instanceof ReadableStream ? 'half' : undefined });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** The error code of an answer, or "success". */
export const codeIn = ({ text }) => JSON.parse(text).Code ?? 'success';
