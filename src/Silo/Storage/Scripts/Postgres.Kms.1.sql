-- The service's own tables on PostgreSQL, version 1: those that Kms.1.sql to Kms.5.sql have come to on SQLite, where each column is explained. Numbers are BIGINT and texts compare by their
-- code points, as they do there.

CREATE TABLE kms_secret (
    name TEXT COLLATE "C" PRIMARY KEY,
    root_key_version BIGINT NOT NULL,
    value BYTEA NOT NULL
);

CREATE TABLE kms_probe (
    id BIGINT PRIMARY KEY,
    probed_at BIGINT NOT NULL
);

-- All CMKs, for lists, sweeps and quotas. The truth about a key is its grain's state.
CREATE TABLE kms_key (
    account_id TEXT COLLATE "C" NOT NULL,
    -- In order of creation, from 1, per account; never used again.
    ordinal BIGINT NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    -- 0 until the key is durable.
    shown BIGINT NOT NULL,
    -- When a change began that this row does not tell yet; null if it tells all.
    touched_at BIGINT,
    -- State, spec, usage and protection level in one number.
    class BIGINT NOT NULL,
    -- When the service has to do something to the key by itself; null if never.
    due_at BIGINT,
    versions BIGINT NOT NULL,
    PRIMARY KEY (account_id, ordinal),
    UNIQUE (account_id, key_id)
);

CREATE INDEX kms_key_class ON kms_key (account_id, class, ordinal) WHERE shown = 1;
CREATE INDEX kms_key_touched ON kms_key (touched_at) WHERE touched_at IS NOT NULL;
CREATE INDEX kms_key_due ON kms_key (due_at) WHERE due_at IS NOT NULL;

-- All aliases. The truth about an alias is its grain's state.
CREATE TABLE kms_alias (
    account_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    shown BIGINT NOT NULL,
    touched_at BIGINT,
    PRIMARY KEY (account_id, ordinal),
    UNIQUE (account_id, name)
);

CREATE INDEX kms_alias_key ON kms_alias (account_id, key_id, ordinal);
CREATE INDEX kms_alias_touched ON kms_alias (touched_at) WHERE touched_at IS NOT NULL;

-- Tags of CMKs, for ListTagResources.
CREATE TABLE kms_tag (
    account_id TEXT COLLATE "C" NOT NULL,
    key_ordinal BIGINT NOT NULL,
    tag_key TEXT COLLATE "C" NOT NULL,
    tag_value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, key_ordinal, tag_key)
);

CREATE INDEX kms_tag_value ON kms_tag (account_id, tag_key, tag_value, key_ordinal);

-- How many rows of a list are shown, per thousand ordinals and class: a page is found by adding these up. Lists: 0 CMKs, 1 aliases.
CREATE TABLE kms_bucket (
    account_id TEXT COLLATE "C" NOT NULL,
    list BIGINT NOT NULL,
    bucket BIGINT NOT NULL,
    class BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    PRIMARY KEY (account_id, list, bucket, class)
);

-- Last ordinals, and what counts against the quotas: rows that are not shown yet, too.
CREATE TABLE kms_account (
    account_id TEXT COLLATE "C" PRIMARY KEY,
    key_ordinal BIGINT NOT NULL DEFAULT 0,
    alias_ordinal BIGINT NOT NULL DEFAULT 0,
    keys BIGINT NOT NULL DEFAULT 0,
    aliases BIGINT NOT NULL DEFAULT 0,
    key_versions BIGINT NOT NULL DEFAULT 0,
    asymmetric_key_versions BIGINT NOT NULL DEFAULT 0
);

-- One row for each command of kms-admin that changes something: written before the change, completed after it.
CREATE TABLE kms_admin_record (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- The user of the operating system.
    operator TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    -- The root key that the command was about: its number is never given again.
    root_key_version BIGINT,
    -- Null while the command runs, or for ever if it was killed.
    outcome TEXT COLLATE "C",
    -- The id of the event that it becomes, and whether all accounts have it.
    event_id TEXT COLLATE "C",
    recorded BIGINT NOT NULL DEFAULT 0
);

-- RAM: the truth about users, groups, roles and policies.
-- Everything hangs on ids, which are random digits and never used again; names may change. Of names, folded is the name in upper case: no two may differ in case only.
-- Times are in milliseconds since 1970.

CREATE TABLE kms_ram_user (
    account_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    mobile_phone TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    comments TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, user_id),
    UNIQUE (account_id, folded)
);

CREATE TABLE kms_ram_group (
    account_id TEXT COLLATE "C" NOT NULL,
    group_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    comments TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, group_id),
    UNIQUE (account_id, folded)
);

CREATE TABLE kms_ram_role (
    account_id TEXT COLLATE "C" NOT NULL,
    role_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    -- The trust policy.
    document TEXT COLLATE "C" NOT NULL,
    max_session_seconds BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, role_id),
    UNIQUE (account_id, folded)
);

-- Custom policies. System policies are part of the program.
CREATE TABLE kms_ram_policy (
    account_id TEXT COLLATE "C" NOT NULL,
    policy_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    default_version BIGINT NOT NULL,
    -- Only ever grows: numbers of versions are not used again.
    next_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, policy_id),
    UNIQUE (account_id, folded)
);

CREATE TABLE kms_ram_policy_version (
    account_id TEXT COLLATE "C" NOT NULL,
    policy_id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, policy_id, version)
);

CREATE TABLE kms_ram_membership (
    account_id TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    group_id TEXT COLLATE "C" NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, user_id, group_id)
);

CREATE INDEX kms_ram_membership_group ON kms_ram_membership (account_id, group_id, user_id);

CREATE TABLE kms_ram_attachment (
    account_id TEXT COLLATE "C" NOT NULL,
    -- 1 user, 2 group, 3 role.
    kind BIGINT NOT NULL,
    identity_id TEXT COLLATE "C" NOT NULL,
    -- In order of attachment, from 1, per identity.
    ordinal BIGINT NOT NULL,
    -- 0 system, 1 custom.
    policy_type BIGINT NOT NULL,
    -- Of a system policy its name.
    policy_id TEXT COLLATE "C" NOT NULL,
    attached_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, kind, identity_id, ordinal),
    UNIQUE (account_id, policy_type, policy_id, kind, identity_id)
);

-- Which access keys a user has. A row is there before its key's grain state and goes after it, so that no key is ever missing here.
CREATE TABLE kms_ram_access_key (
    account_id TEXT COLLATE "C" NOT NULL,
    -- Empty for the account root.
    user_id TEXT COLLATE "C" NOT NULL,
    access_key_id TEXT COLLATE "C" PRIMARY KEY,
    created_at BIGINT NOT NULL,
    -- As far as it was told; null if never.
    last_used_at BIGINT
);

CREATE INDEX kms_ram_access_key_user ON kms_ram_access_key (account_id, user_id, created_at, access_key_id);

-- Changes that were made in these tables, written in the same transaction: tells whether a change took place whose event the process did not come to record.
CREATE TABLE kms_change (
    change_id TEXT COLLATE "C" PRIMARY KEY,
    made_at BIGINT NOT NULL
);

CREATE INDEX kms_change_made_at ON kms_change (made_at);

-- Trails, as their accounts see them.
CREATE TABLE kms_trail (
    account_id TEXT COLLATE "C" NOT NULL,
    trail_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- 0 fresh, 1 delivers, 2 stopped.
    state BIGINT NOT NULL,
    event_rw TEXT COLLATE "C" NOT NULL,
    trail_region TEXT COLLATE "C" NOT NULL,
    bucket TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    write_role_arn TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    started_at BIGINT,
    stopped_at BIGINT,
    -- How its delivery does.
    delivered_at BIGINT,
    delivery_error TEXT COLLATE "C",
    PRIMARY KEY (account_id, trail_id),
    UNIQUE (account_id, name)
);

-- What there is to deliver: a run of the trail's events under one setting of one trail. It ends when the trail is stopped, changed or removed, and goes when all of it is delivered.
CREATE TABLE kms_trail_delivery (
    delivery_id TEXT COLLATE "C" PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL,
    trail_id TEXT COLLATE "C" NOT NULL,
    trail_name TEXT COLLATE "C" NOT NULL,
    event_rw TEXT COLLATE "C" NOT NULL,
    trail_region TEXT COLLATE "C" NOT NULL,
    bucket TEXT COLLATE "C" NOT NULL,
    prefix TEXT COLLATE "C" NOT NULL,
    ended BIGINT NOT NULL
);

CREATE INDEX kms_trail_delivery_trail ON kms_trail_delivery (trail_id);

-- How far it has come in each chain, and how far it goes: up to which block. A chain of which nothing is said is delivered from its first block on, unless the delivery has ended.
CREATE TABLE kms_trail_position (
    delivery_id TEXT COLLATE "C" NOT NULL,
    chain BIGINT NOT NULL,
    block BIGINT NOT NULL,
    last_block BIGINT,
    PRIMARY KEY (delivery_id, chain)
);
