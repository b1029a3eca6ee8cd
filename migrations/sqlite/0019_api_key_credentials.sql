-- import_mark names what a key was imported from (a digest of the value in the environment), so that it
-- is imported once, also where the key was changed or deleted since. refreshing_until is set while an
-- instance asks for the key's next access token, which the others then do not.
ALTER TABLE t_ai_api_keys ADD COLUMN import_mark VARCHAR(64) NULL;
ALTER TABLE t_ai_api_keys ADD COLUMN refreshing_until DATETIME NULL;
-- an import, which is made once by several instances that start together
CREATE UNIQUE INDEX uq_ai_api_keys_import_mark ON t_ai_api_keys (provider_id, import_mark);
