-- Who holds how much of a budget: a row per app token, period and instance, from its first lease
-- until it gives back what it did not spend. A row past expires_at is of an instance that vanished;
-- its whole slice stays counted in t_budget_periods.
CREATE TABLE t_budget_leases (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    token_id BIGINT NOT NULL,
    period_start DATE NOT NULL,
    instance_id VARCHAR(64) NOT NULL,
    leased_nanousd BIGINT NOT NULL DEFAULT 0,
    spent_nanousd BIGINT NOT NULL DEFAULT 0,
    expires_at DATETIME(3) NOT NULL,
    created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    -- an instance's own row; all rows of a budget
    UNIQUE INDEX uq_budget_leases_holder (token_id, period_start, instance_id)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
