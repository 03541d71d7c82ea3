internal import Storage

/// One entry per shipped change, in order: append, never edit.
let registryMigrations: [Migration] = [
    Migration(
        """
        CREATE TABLE facility (key BLOB NOT NULL PRIMARY KEY, code TEXT NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX facility_code ON facility (code);

        CREATE TABLE institution (
            key BLOB NOT NULL PRIMARY KEY, code TEXT NOT NULL, body BLOB NOT NULL);
        CREATE UNIQUE INDEX institution_code ON institution (code);

        CREATE TABLE agreement (
            key BLOB NOT NULL PRIMARY KEY, number TEXT NOT NULL, facility TEXT NOT NULL,
            body BLOB NOT NULL);
        CREATE UNIQUE INDEX agreement_number ON agreement (number);

        CREATE TABLE program (
            key BLOB NOT NULL PRIMARY KEY, agreement BLOB NOT NULL, code TEXT NOT NULL,
            body BLOB NOT NULL);
        CREATE UNIQUE INDEX program_code ON program (code);

        CREATE TABLE staff (
            key BLOB NOT NULL PRIMARY KEY, affiliation TEXT NOT NULL, code TEXT NOT NULL,
            active BIGINT NOT NULL, body BLOB NOT NULL);

        CREATE TABLE participant (
            key BLOB NOT NULL PRIMARY KEY, facility TEXT NOT NULL, status TEXT,
            fingerprint TEXT, birth_year BIGINT, is_gone BIGINT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX participant_facility ON participant (facility, key);
        CREATE INDEX participant_birth_year ON participant (birth_year);
        """)
]
