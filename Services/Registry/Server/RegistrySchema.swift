internal import Hosting
internal import RPC
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
            fingerprint TEXT, birth_year BIGINT, is_gone BIGINT NOT NULL, merged_into BLOB,
            body BLOB NOT NULL);
        CREATE INDEX participant_facility ON participant (facility, key);
        CREATE INDEX participant_birth_year ON participant (birth_year);
        CREATE INDEX participant_merged_into ON participant (merged_into)
            WHERE merged_into IS NOT NULL;

        CREATE TABLE item (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX item_participant ON item (participant);

        CREATE TABLE consent (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX consent_participant ON consent (participant);

        CREATE TABLE decision (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX decision_participant ON decision (participant);

        CREATE TABLE decree (
            key BLOB NOT NULL PRIMARY KEY, number TEXT NOT NULL, program BLOB NOT NULL,
            body BLOB NOT NULL);
        CREATE UNIQUE INDEX decree_number ON decree (number);
        CREATE INDEX decree_program ON decree (program);

        CREATE TABLE enrollment (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, program BLOB NOT NULL,
            cohort TEXT NOT NULL, status TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX enrollment_participant ON enrollment (participant);
        CREATE INDEX enrollment_cohort ON enrollment (program, cohort);
        CREATE UNIQUE INDEX enrollment_open ON enrollment (participant) WHERE status <> 'exited';

        CREATE TABLE screening (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, replaces BLOB,
            body BLOB NOT NULL);
        CREATE INDEX screening_participant ON screening (participant);
        CREATE INDEX screening_replaces ON screening (replaces) WHERE replaces IS NOT NULL;

        CREATE TABLE urine_test (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX urine_test_participant ON urine_test (participant);
        """),
    Migration(
        """
        CREATE TABLE imported_episode (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX imported_episode_participant ON imported_episode (participant);
        """),
    Migration(
        """
        CREATE TABLE revocation (
            key BLOB NOT NULL PRIMARY KEY, serial TEXT, identity TEXT, body BLOB NOT NULL);
        CREATE UNIQUE INDEX revocation_serial ON revocation (serial) WHERE serial IS NOT NULL;
        CREATE INDEX revocation_identity ON revocation (identity) WHERE identity IS NOT NULL;
        """),
    // The number of the fingerprint card stood here in plain text; the first start with keys makes
    // the rows anew, with what the numbers can be looked up by.
    Migration(
        """
        UPDATE participant SET fingerprint = NULL;
        ALTER TABLE participant ADD COLUMN nik BLOB;
        CREATE INDEX participant_nik ON participant (nik) WHERE nik IS NOT NULL;
        CREATE INDEX participant_fingerprint ON participant (fingerprint)
            WHERE fingerprint IS NOT NULL;
        """),
    EmergencyAccess.migration,
    Migration(
        """
        CREATE TABLE legal_request (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX legal_request_participant ON legal_request (participant);

        CREATE TABLE subject_request (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX subject_request_participant ON subject_request (participant);

        CREATE TABLE disclosure (
            key BLOB NOT NULL PRIMARY KEY, participant BLOB NOT NULL, body BLOB NOT NULL);
        CREATE INDEX disclosure_participant ON disclosure (participant);

        CREATE TABLE breach (key BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL);
        """),
    BulkReading.migration,
    RefusedCertificate.migration,
]
