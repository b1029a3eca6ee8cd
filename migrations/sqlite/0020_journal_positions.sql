-- Up to where each instance's journal is in t_ai_api_logs. A row moves in the transaction that writes
-- the records before it, so that each of them is written once, whatever breaks in between.
CREATE TABLE t_journal_positions (
    -- 16 bytes in hex, which are kept in a file beside the journal
    journal_id VARCHAR(32) NOT NULL,
    segment BIGINT NOT NULL,
    byte_offset BIGINT NOT NULL,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    -- one journal
    PRIMARY KEY (journal_id)
);
