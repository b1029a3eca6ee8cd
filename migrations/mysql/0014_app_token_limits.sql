-- What an app token may do: NULL and 0 are no limit, and NULL is no budget. Requests are counted per
-- UTC day, which counted_on names.
ALTER TABLE t_app_tokens
    ADD COLUMN rate_limit_rpm BIGINT NULL,
    ADD COLUMN rate_limit_tpm BIGINT NULL,
    ADD COLUMN rate_limit_rpd BIGINT NULL,
    ADD COLUMN max_concurrent BIGINT NULL,
    ADD COLUMN budget_nanousd BIGINT NULL,
    ADD COLUMN budget_period VARCHAR(20) NOT NULL DEFAULT 'total',
    ADD COLUMN requests_count_today BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN counted_on DATE NULL;
