// The files of the SoftHSM token in a data folder.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CKA_VALUE = 0x11;

/** The files of the objects in the token. */
export function tokenObjects(data) {
  const [token] = readdirSync(join(data, 'hsm/tokens'));
  const folder = join(data, 'hsm/tokens', token);
  return readdirSync(folder).filter(name => name.endsWith('.object') && name !== 'token.object').map(name => join(folder, name));
}

/** Makes an object what it is until its key is written, the last step: all but CKA_VALUE. A file has attributes of type, kind and value, in numbers of 8 bytes. */
export function removeValue(path) {
  const file = readFileSync(path);
  const kept = [file.subarray(0, 8)];
  const number = at => Number(file.readBigUInt64BE(at));
  for (let at = 8, end; at < file.length; at = end) {
    const kind = number(at + 8);
    // 1 a truth value, 2 a number, 3 bytes after their length, 5 numbers after their count.
    end = at + 16 + { 1: 1, 2: 8, 3: 8 + number(at + 16), 5: 8 + 8 * number(at + 16) }[kind];
    if (number(at) !== CKA_VALUE) kept.push(file.subarray(at, end));
  }
  const made = Buffer.concat(kept);
  assert.ok(made.length < file.length);
  writeFileSync(path, made);
}
