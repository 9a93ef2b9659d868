-- Version 1: the trail. Times are in milliseconds since 1970; account ids are numbers here.

-- A chain is what one process after another of one writer has appended to. A writer whose end was lost begins a new one.
CREATE TABLE kms_trail_chain (
    chain INTEGER PRIMARY KEY,
    chain_id TEXT NOT NULL UNIQUE,
    writer TEXT NOT NULL,
    begun_at INTEGER NOT NULL
);

-- What was committed at once: its events in UTF-8, each followed by a line feed. Numbers of blocks begin with 1 and have no gap; so do those of events.
-- terms is what the block is found by, for its removal; nonces are those of its requests, see the code. The body is last: what stands behind it is found by reading it.
CREATE TABLE kms_trail_block (
    chain INTEGER NOT NULL,
    number INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    first_event INTEGER NOT NULL,
    events INTEGER NOT NULL,
    time INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    root BLOB NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    terms BLOB,
    nonces BLOB,
    body BLOB NOT NULL,
    PRIMARY KEY (chain, number)
);

-- By what events are found: a short form of a field's value leads to the segments, runs of blocks, in which there are some of it.
CREATE TABLE kms_trail_index (
    account_id INTEGER NOT NULL,
    field INTEGER NOT NULL,
    value INTEGER NOT NULL,
    time INTEGER NOT NULL,
    chain INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    PRIMARY KEY (account_id, field, value, time, chain, segment)
) WITHOUT ROWID;

-- Changes that are being made: what is left of a process that died is settled with the grain.
CREATE TABLE kms_trail_intent (
    change_id TEXT NOT NULL,
    grain TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    clears INTEGER NOT NULL,
    took_place INTEGER NOT NULL,
    event BLOB NOT NULL,
    PRIMARY KEY (change_id, grain)
) WITHOUT ROWID;

CREATE INDEX kms_trail_intent_grain ON kms_trail_intent (grain);

-- When the trail was switched off; ended_at is null as long as it is.
CREATE TABLE kms_trail_pause (
    begun_at INTEGER NOT NULL,
    ended_at INTEGER
);

-- Signed statements of where a chain had come to; body is what was signed.
CREATE TABLE kms_trail_checkpoint (
    chain INTEGER NOT NULL,
    number INTEGER NOT NULL,
    first_block INTEGER NOT NULL,
    last_block INTEGER NOT NULL,
    signed_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    key_id TEXT NOT NULL,
    PRIMARY KEY (chain, number)
);

-- The public keys that checkpoints were signed for. key_id is the SHA-256 of the key in hexadecimal.
CREATE TABLE kms_trail_key (
    key_id TEXT PRIMARY KEY,
    public_key BLOB NOT NULL,
    made_at INTEGER NOT NULL
);

-- What the readiness check writes.
CREATE TABLE kms_trail_probe (
    id INTEGER PRIMARY KEY,
    probed_at INTEGER NOT NULL
);
