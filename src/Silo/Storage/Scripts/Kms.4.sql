-- Version 4: RAM. These tables are the truth about users, groups, roles and policies; that about an access key is its grain's state.
-- Everything hangs on ids, which are random digits and never used again; names may change. Of names, folded is the name in upper case: no two may differ in case only.
-- Times are in milliseconds since 1970.

CREATE TABLE kms_ram_user (
    account_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    display_name TEXT NOT NULL,
    mobile_phone TEXT NOT NULL,
    email TEXT NOT NULL,
    comments TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, user_id),
    UNIQUE (account_id, folded)
) WITHOUT ROWID;

CREATE TABLE kms_ram_group (
    account_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    comments TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, group_id),
    UNIQUE (account_id, folded)
) WITHOUT ROWID;

CREATE TABLE kms_ram_role (
    account_id TEXT NOT NULL,
    role_id TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    description TEXT NOT NULL,
    -- The trust policy.
    document TEXT NOT NULL,
    max_session_seconds INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, role_id),
    UNIQUE (account_id, folded)
) WITHOUT ROWID;

-- Custom policies. System policies are part of the program.
CREATE TABLE kms_ram_policy (
    account_id TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    description TEXT NOT NULL,
    default_version INTEGER NOT NULL,
    -- Only ever grows: numbers of versions are not used again.
    next_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, policy_id),
    UNIQUE (account_id, folded)
) WITHOUT ROWID;

CREATE TABLE kms_ram_policy_version (
    account_id TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, policy_id, version)
) WITHOUT ROWID;

CREATE TABLE kms_ram_membership (
    account_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, user_id, group_id)
) WITHOUT ROWID;

CREATE INDEX kms_ram_membership_group ON kms_ram_membership (account_id, group_id, user_id);

CREATE TABLE kms_ram_attachment (
    account_id TEXT NOT NULL,
    -- 1 user, 2 group, 3 role.
    kind INTEGER NOT NULL,
    identity_id TEXT NOT NULL,
    -- In order of attachment, from 1, per identity.
    ordinal INTEGER NOT NULL,
    -- 0 system, 1 custom.
    policy_type INTEGER NOT NULL,
    -- Of a system policy its name.
    policy_id TEXT NOT NULL,
    attached_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, identity_id, ordinal),
    UNIQUE (account_id, policy_type, policy_id, kind, identity_id)
) WITHOUT ROWID;

-- Which access keys a user has. A row is there before its key's grain state and goes after it, so that no key is ever missing here.
CREATE TABLE kms_ram_access_key (
    account_id TEXT NOT NULL,
    -- Empty for the account root.
    user_id TEXT NOT NULL,
    access_key_id TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    -- As far as it was told; null if never.
    last_used_at INTEGER
) WITHOUT ROWID;

CREATE INDEX kms_ram_access_key_user ON kms_ram_access_key (account_id, user_id, created_at, access_key_id);
