-- Names of our own for ordered chains of models. A deleted row stays, so that reports keep its name.
CREATE TABLE t_ai_routes (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    alias VARCHAR(200) NOT NULL,
    description TEXT NULL,
    -- [{"providerCode": "…", "modelCode": "…", "weight": 0}, …]
    targets JSON NOT NULL,
    -- When a call goes on to the next target; NULL is ["failure"].
    fallback_on JSON NULL,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    deleted_at DATETIME(3) NULL,
    -- Keeps aliases apart, those of deleted rows too.
    UNIQUE KEY uq_ai_routes_alias (alias)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
