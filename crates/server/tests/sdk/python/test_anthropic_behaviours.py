"""The common list of behaviours, with Anthropic's SDK."""

import asyncio
import sys

import anthropic
import pytest
from anthropic import Anthropic, AsyncAnthropic
from conftest import KEY, PIXEL, URL, address_of_its_own, behaviours_shown_by
from pydantic import BaseModel

QUESTION = {"role": "user", "content": "What does a toll gate do?"}

client = Anthropic(base_url=URL, api_key=KEY, max_retries=0)


def tool(name, *arguments):
    schema = {
        "type": "object",
        "properties": {argument: {"type": "string"} for argument in arguments},
        "required": list(arguments),
        "additionalProperties": False,
    }
    return {"name": name, "description": f"It does {name}", "input_schema": schema}


WEATHER, CLOCK, DICE = tool("get_weather", "city"), tool("get_time", "zone"), tool("roll_dice")


def request(model, *messages, **options):
    messages = list(messages) or [QUESTION]
    return {"model": model, "max_tokens": 1000, "messages": messages, **options}


def ask(model, *messages, **options):
    return client.messages.create(**request(model, *messages, **options))


def stream_of(model, *messages, **options):
    return client.messages.stream(**request(model, *messages, **options))


def text_of(answer):
    [block] = [block for block in answer.content if block.type == "text"]
    return block.text


def check_calls(answer):
    calls = [block for block in answer.content if block.type == "tool_use"]
    assert [(call.name, call.input) for call in calls] == [
        ("get_weather", {"city": "example city"}),
        ("get_time", {"zone": "example zone"}),
    ]
    assert len({call.id for call in calls}) == 2
    return calls


def kind_of(error):
    return error.body["error"]["type"]


def code_of(error):
    return error.body["error"]["details"]["error_code"]


def check_the_next_call_succeeds(provider):
    """The next one, or else a provider that fails time and again is left to rest."""
    assert text_of(ask(f"{provider}-failing/sim-chat"))


def test_the_whole_list_is_here():
    wanted, shown = behaviours_shown_by(sys.modules[__name__])
    assert shown - {"test_the_whole_list_is_here"} == wanted


def test_a_question_is_answered(provider):
    answer = ask(f"{provider}/sim-chat")

    assert (answer.type, answer.role) == ("message", "assistant")
    assert answer.id.startswith("msg_")
    assert text_of(answer) == (
        'Hello from the simulator. You wrote: "What does a toll gate do?"'
    )
    assert (answer.stop_reason, answer.stop_sequence) == ("end_turn", None)
    assert answer.usage.input_tokens > 0 and answer.usage.output_tokens > 0


def test_a_stream_says_the_same_as_a_whole_answer(provider):
    whole = ask(f"{provider}/sim-chat")

    with stream_of(f"{provider}/sim-chat") as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()

    assert text == text_of(final) == text_of(whole)
    assert final.stop_reason == "end_turn"
    kinds = [event.type for event in ask(f"{provider}/sim-chat", stream=True)]
    kinds = [kind for kind in kinds if kind != "ping"]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    assert kinds.count("content_block_delta") == len(kinds) - 5 > 2


def test_a_caller_may_leave_a_stream(provider):
    with ask(f"{provider}/sim-chat", stream=True) as stream:
        assert next(iter(stream)).type == "message_start"

    assert text_of(ask(f"{provider}/sim-chat"))


def test_many_calls_run_side_by_side(provider):
    async def ask_many():
        async with AsyncAnthropic(base_url=URL, api_key=KEY, max_retries=0) as many:
            calls = (many.messages.create(**request(f"{provider}/sim-chat")) for _ in range(20))
            return await asyncio.gather(*calls)

    answers = asyncio.run(ask_many())

    assert len({answer.id for answer in answers}) == 20


@pytest.mark.parametrize("system", ["Be kind.", [{"type": "text", "text": "Be kind."}]])
def test_a_system_prompt_is_heeded(provider, system):
    answer = ask(f"{provider}/sim-chat", system=system)

    assert 'I was told: "Be kind."' in text_of(answer)


def test_a_conversation_has_several_turns(provider):
    answer = ask(
        f"{provider}/sim-chat",
        QUESTION,
        {"role": "assistant", "content": "It stops cars."},
        {"role": "user", "content": "And then?"},
    )

    assert 'You wrote: "And then?"' in text_of(answer)


def test_an_image_is_seen(provider):
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    image = {"type": "image", "source": source}
    text = {"type": "text", "text": "What are these?"}

    answer = ask(f"{provider}/sim-chat", {"role": "user", "content": [image, image, text]})

    assert 'I see: "image/png of 70 bytes, image/png of 70 bytes"' in text_of(answer)


@pytest.mark.parametrize("stops", [["two"], ["never said", "two"]])
def test_a_stop_sequence_ends_the_answer(provider, stops):
    question = {"role": "user", "content": "one two three"}

    answer = ask(f"{provider}/sim-chat", question, stop_sequences=stops)

    assert text_of(answer) == 'Hello from the simulator. You wrote: "one '
    # Only its own protocol tells why, and which it was.
    told = ("stop_sequence", "two") if provider.code == "anthropic" else ("end_turn", None)
    assert (answer.stop_reason, answer.stop_sequence) == told


def test_a_token_limit_ends_the_answer(provider):
    answer = ask(f"{provider}/sim-chat", max_tokens=3)

    assert text_of(answer) == "Hello from the"
    assert (answer.stop_reason, answer.usage.output_tokens) == ("max_tokens", 3)


class Shape(BaseModel):
    title: str
    count: int
    is_open: bool
    tags: list[str]


def test_a_json_schema_shapes_the_answer(provider):
    answer = client.messages.parse(**request(f"{provider}/sim-chat"), output_format=Shape)

    parsed = answer.parsed_output
    assert isinstance(parsed, Shape)
    assert parsed.title == "example title" and parsed.tags == ["example tags"]


def test_two_tools_are_called_side_by_side_and_their_results_used(provider):
    tools = [WEATHER, CLOCK]
    first = ask(f"{provider}/sim-chat", tools=tools, tool_choice={"type": "any"})
    assert first.stop_reason == "tool_use"
    calls = check_calls(first)

    results = [
        {"type": "tool_result", "tool_use_id": calls[0].id, "content": "14 degrees"},
        {
            "type": "tool_result",
            "tool_use_id": calls[1].id,
            "content": [{"type": "text", "text": "noon"}],
        },
    ]
    turns = [{"role": "assistant", "content": first.content}, {"role": "user", "content": results}]
    second = ask(f"{provider}/sim-chat", QUESTION, *turns, tools=tools)

    assert second.stop_reason == "end_turn"
    assert text_of(second) == "The tools answered: get_weather = 14 degrees; get_time = noon."


def test_streamed_tool_calls_come_together(provider):
    with stream_of(f"{provider}/sim-chat", tools=[WEATHER, CLOCK]) as stream:
        final = stream.get_final_message()

    assert final.stop_reason == "tool_use"
    check_calls(final)


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_call_without_arguments_gets_an_empty_object(provider, is_stream):
    if is_stream:
        with stream_of(f"{provider}/sim-chat", tools=[DICE]) as stream:
            answer = stream.get_final_message()
    else:
        answer = ask(f"{provider}/sim-chat", tools=[DICE])

    [call] = [block for block in answer.content if block.type == "tool_use"]
    assert (call.name, call.input) == ("roll_dice", {})


def test_thinking_is_told_apart_from_the_answer(provider):
    answer = ask(f"{provider}/sim-reason")
    thinking, text = answer.content
    assert "The user wrote" in thinking.thinking
    assert text.text.startswith("Hello from the simulator.")

    with stream_of(f"{provider}/sim-reason") as stream:
        final = stream.get_final_message()
    assert [block.model_dump() for block in final.content] == [
        block.model_dump() for block in answer.content
    ]


@pytest.mark.parametrize("is_stream", [False, True])
def test_cached_and_reasoning_tokens_are_in_the_usage(provider, is_stream):
    model = f"{provider}/sim-cached-3-reason"
    if is_stream:
        with stream_of(model) as stream:
            usage = stream.get_final_message().usage
    else:
        usage = ask(model).usage

    assert usage.cache_read_input_tokens == 3
    assert usage.input_tokens > 0
    assert 0 < usage.output_tokens_details.thinking_tokens < usage.output_tokens


def test_a_stream_tells_its_usage(provider):
    whole = ask(f"{provider}/sim-chat").usage

    *_, last, _ = ask(f"{provider}/sim-chat", stream=True)

    assert last.type == "message_delta"
    assert (last.usage.input_tokens, last.usage.output_tokens) == (
        whole.input_tokens,
        whole.output_tokens,
    )


def test_tokens_are_counted(provider):
    def count(*messages):
        raw = client.messages.with_raw_response.count_tokens(
            model=f"{provider}/sim-chat", messages=list(messages), system="Be kind."
        )
        # OpenAI's protocol cannot count, so that is an estimate of the gateway's.
        kind = "estimate" if provider.code == "openai" else "exact"
        assert raw.headers["x-tollgate-token-count"] == kind
        return raw.parse().input_tokens

    short, long = count(QUESTION), count(QUESTION, QUESTION)

    assert 0 < short < long
    if provider.code != "openai":
        assert short == ask(f"{provider}/sim-chat", system="Be kind.").usage.input_tokens


@pytest.mark.parametrize(
    ("arguments", "field"),
    [({"max_tokens": -1}, "max_tokens"), ({"messages": []}, "messages")],
)
def test_a_bad_request_of_ours_is_refused_and_named(provider, arguments, field):
    with pytest.raises(anthropic.BadRequestError) as failure:
        client.messages.create(**{**request(f"{provider}/sim-chat"), **arguments})

    assert kind_of(failure.value) == "invalid_request_error"
    assert failure.value.body["error"]["message"].startswith(f"{field}: ")


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_refusal_of_the_provider_is_told_as_its_own(provider, is_stream):
    with pytest.raises(anthropic.BadRequestError) as failure:
        ask(f"{provider}/sim-error-400", stream=is_stream)

    assert kind_of(failure.value) == "invalid_request_error"
    assert failure.value.response.headers["x-should-retry"] == "false"


def test_a_missing_model_is_not_found(provider):
    for model in ["no-such-model", f"{provider}/sim-error-404"]:
        with pytest.raises(anthropic.NotFoundError) as failure:
            ask(model)
        assert kind_of(failure.value) == "not_found_error"

    with pytest.raises(anthropic.NotFoundError):
        client.models.retrieve("no-such-model")


def test_a_wrong_token_is_an_authentication_error(provider):
    with pytest.raises(anthropic.AuthenticationError) as failure:
        client.with_options(api_key="tg-wrong").messages.create(**request(f"{provider}/sim-chat"))

    assert failure.value.status_code == 401
    assert kind_of(failure.value) == "authentication_error"


def test_too_many_wrong_tokens_are_a_rate_limit_error():
    elsewhere = client.with_options(api_key="tg-wrong", default_headers=address_of_its_own(2))
    with pytest.raises(anthropic.RateLimitError) as failure:
        for _ in range(200):
            with pytest.raises(anthropic.AuthenticationError):
                elsewhere.models.list()

    assert kind_of(failure.value) == "rate_limit_error"
    assert int(failure.value.response.headers["retry-after"]) > 0


def test_a_rate_limit_of_the_provider_is_worth_another_try_later(provider):
    with pytest.raises(anthropic.InternalServerError) as failure:
        ask(f"{provider.code}-limited/sim-chat")

    assert (failure.value.status_code, code_of(failure.value)) == (503, "no_available_key")
    assert int(failure.value.response.headers["retry-after"]) > 0


def test_a_key_that_the_provider_refuses_is_not_the_callers_fault(provider):
    with pytest.raises(anthropic.InternalServerError) as failure:
        ask(f"{provider.code}-refused/sim-chat")

    assert (failure.value.status_code, code_of(failure.value)) == (503, "no_available_key")


@pytest.mark.parametrize("model", ["sim-error-529", "sim-error-first-503"])
def test_an_overloaded_provider_is_told_as_such(provider, model):
    with pytest.raises(anthropic.APIStatusError) as failure:
        ask(f"{provider}-failing/{model}", stream=True)

    assert failure.value.status_code == 529
    assert kind_of(failure.value) == "overloaded_error"
    check_the_next_call_succeeds(provider)


@pytest.mark.parametrize("model", ["sim-error-500", "sim-cut-head", "sim-error-first-500"])
def test_a_broken_provider_is_told_as_such(provider, model):
    with pytest.raises(anthropic.InternalServerError) as failure:
        ask(f"{provider}-failing/{model}", stream=True)

    assert (failure.value.status_code, kind_of(failure.value)) == (502, "api_error")
    check_the_next_call_succeeds(provider)


@pytest.mark.parametrize("model", ["sim-error-middle-500", "sim-cut-middle"])
def test_an_error_inside_a_stream_is_raised(provider, model):
    texts = []
    with pytest.raises(anthropic.APIError) as failure:
        for event in ask(f"{provider}-failing/{model}", stream=True):
            if event.type == "content_block_delta":
                texts.append(event.delta.text)

    assert kind_of(failure.value) == "api_error"
    assert "".join(texts).startswith("Hello")
    check_the_next_call_succeeds(provider)


def test_every_answer_tells_its_request_id_and_provider(provider):
    raw = client.messages.with_raw_response.create(**request(f"{provider}/sim-chat"))
    assert len(raw.headers["request-id"]) == 36
    assert raw.headers["x-tollgate-provider"] == provider.code
    assert raw.headers["x-tollgate-attempts"] == "1" or provider.is_route

    with pytest.raises(anthropic.APIStatusError) as failure:
        ask("no-such-model")
    assert len(failure.value.request_id) == 36
