"""How the cost of a call grows with what is configured, and memory with the streams that are open."""

import time

from programs import say

from . import chat, memory, probes, stage

MANY = 1000
STREAMS = 500, 1000, 2500, 5000
PROVIDER = "bench-chat-provider"


def measure(meter, seconds):
    """Each step keeps what the ones before have added."""
    # The steps cannot be taken back, so all rounds of each are in its turn.
    if meter.round == 0:
        for name, add in STEPS.items():
            add(meter.stage)
            restart(meter)
            for meter.round in range(meter.rounds):
                figures(meter, name, seconds)
        meter.round = 0
    for streams in STREAMS:
        restart(meter)
        time.sleep(memory.REST)
        memory.hold(meter, "tollgate", streams)
        meter.await_shipped()


def figures(meter, name, seconds):
    meter.note(f"growth: memory, {name}", "tollgate", pss_kib=probes.pss_kib(meter.stage.pids("tollgate")))
    chat.requests_per_second(meter, seconds, chat.PROXIES, f"growth: {name}")
    chat.added_latency(meter, seconds, ("direct", "tollgate"), f"growth: latency, {name}")


def restart(meter):
    """So that it reads what was written past it, and begins as any other."""
    meter.stage.gateway.stop()
    meter.stage.gateway.start()
    say(f"  a start with what there is now: {memory.cold_start(meter) * 1000:.0f} ms")


def nothing(_):
    """Four keys, a token, five models and as many routes, beside what is shipped."""


def keys(stage_):
    """Keys of the one provider that is asked."""
    gateway = stage_.gateway
    listed = gateway.send("GET", "/api/admin/ai-providers?pageSize=100")["data"]
    provider = next(one["id"] for one in listed if one["providerCode"] == PROVIDER)
    lines = [f"sk-bench-filler-{nth:06}" for nth in range(MANY - stage.KEYS)]
    for begin in range(0, len(lines), 400):
        body = {"keys": "\n".join(lines[begin:begin + 400]), "keyName": f"filler {begin}"}
        gateway.send("POST", f"/api/admin/ai-providers/{provider}/keys/import", body)
    limits = {"rate_limit_rpm": "rateLimitRpm", "rate_limit_tpm": "rateLimitTpm", "rate_limit_rpd": "rateLimitRpd",
              "max_concurrent": "maxConcurrent"}
    values = ", ".join(f"{column} = {stage.LIMITS[name]}" for column, name in limits.items())
    gateway.database.ask(f"UPDATE t_ai_api_keys SET {values} WHERE provider_id = {provider}")


def tokens(stage_):
    """App tokens with limits and budgets, as the one that is used."""
    columns = ("scopes, allowed_models, allowed_providers, rate_limit_rpm, rate_limit_tpm, rate_limit_rpd, max_concurrent, "
               "budget_nanousd, budget_period")
    stage_.gateway.database.ask(f"INSERT INTO t_app_tokens (name, token_hash, {columns}) SELECT CONCAT('filler ', seq), "
                                f"UNHEX(SHA2(seq, 256)), {columns} FROM t_app_tokens, seq_2_to_{MANY} WHERE name = 'bench'")


def models(stage_):
    """Models with a price each, and routes to one of them."""
    ask = stage_.gateway.database.ask
    ours = f"(SELECT id FROM t_ai_providers WHERE provider_code = '{PROVIDER}')"
    ask("INSERT INTO t_ai_models (provider_id, model_code, model_name, model_type, max_output_tokens, source) SELECT "
        "provider_id, CONCAT('filler-', seq), CONCAT('filler-', seq), model_type, max_output_tokens, source "
        f"FROM t_ai_models, seq_2_to_{MANY} WHERE model_code = 'bench-1' AND provider_id = {ours}")
    ask("INSERT INTO t_ai_model_prices (model_id, valid_from, tier_min_prompt_tokens, prompt_nanousd, completion_nanousd, "
        "source) SELECT filler.id, valid_from, tier_min_prompt_tokens, prompt_nanousd, completion_nanousd, price.source "
        "FROM t_ai_models AS filler, t_ai_model_prices AS price JOIN t_ai_models AS model ON model.id = price.model_id "
        f"WHERE filler.model_code LIKE 'filler-%' AND model.model_code = 'bench-1' AND model.provider_id = {ours}")
    ask("INSERT INTO t_ai_routes (alias, targets, fallback_on) SELECT CONCAT('filler-route-', seq), targets, fallback_on "
        f"FROM t_ai_routes, seq_2_to_{MANY} WHERE alias = 'bench-chat'")


STEPS = {
    "4 keys": nothing, "and 1,000 keys of the provider": keys, "and 1,000 app tokens": tokens,
    "and 1,000 models and routes": models,
}
