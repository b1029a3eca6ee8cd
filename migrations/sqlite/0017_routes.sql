-- Names of our own for ordered chains of models. A deleted row stays, so that reports keep its name.
CREATE TABLE t_ai_routes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    alias VARCHAR(200) NOT NULL,
    description TEXT NULL,
    -- [{"providerCode": "…", "modelCode": "…", "weight": 0}, …]
    targets TEXT NOT NULL,
    -- When a call goes on to the next target; NULL is ["failure"].
    fallback_on TEXT NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    updated_at DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')),
    deleted_at DATETIME NULL,
    -- Keeps aliases apart, those of deleted rows too.
    CONSTRAINT uq_ai_routes_alias UNIQUE (alias)
);
