// The restore drill, as operators run it: two minutes, so with RESTORE_DRILL=1 only.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { clusterPort } from './support/service.mjs';

const isWanted = process.env.RESTORE_DRILL === '1';

test('a region is lost, and goes on from a replica of its database with a second token', { skip: !isWanted, timeout: 580_000 }, async () => {
  // Two clusters, and the ports of the second begin where those of the first have ended.
  const port = await clusterPort(360);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'restore-drill.mjs'), '--port', String(port)]);
  assert.match(stdout, /in all; nothing that was acknowledged is lost\n$/, stderr);
});
