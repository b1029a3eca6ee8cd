"""The common list of behaviours, with OpenAI's SDK."""

import asyncio
import json
import sys

import openai
import pytest
from conftest import KEY, PIXEL, URL, address_of_its_own, behaviours_shown_by
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

QUESTION = {"role": "user", "content": "What does a toll gate do?"}

client = OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0)


def tool(name, *arguments):
    parameters = {
        "type": "object",
        "properties": {argument: {"type": "string"} for argument in arguments},
        "required": list(arguments),
        "additionalProperties": False,
    }
    return {
        "type": "function",
        "function": {"name": name, "description": f"It does {name}", "parameters": parameters},
    }


WEATHER, CLOCK, DICE = tool("get_weather", "city"), tool("get_time", "zone"), tool("roll_dice")


def ask(model, *messages, **options):
    return client.chat.completions.create(
        model=model, messages=list(messages) or [QUESTION], **options
    )


def text_of(answer):
    return answer.choices[0].message.content


def check_calls(calls):
    assert [call.function.name for call in calls] == ["get_weather", "get_time"]
    assert json.loads(calls[0].function.arguments) == {"city": "example city"}
    assert json.loads(calls[1].function.arguments) == {"zone": "example zone"}
    assert len({call.id for call in calls}) == 2


def check_the_next_call_succeeds(provider):
    """The next one, or else a provider that fails time and again is left to rest."""
    assert text_of(ask(f"{provider}-failing/sim-chat"))


def test_the_whole_list_is_here():
    wanted, shown = behaviours_shown_by(sys.modules[__name__])
    assert shown - {"test_the_whole_list_is_here"} == wanted


def test_a_question_is_answered(provider):
    answer = ask(f"{provider}/sim-chat")

    assert answer.object == "chat.completion"
    assert answer.choices[0].message.role == "assistant"
    assert text_of(answer) == (
        'Hello from the simulator. You wrote: "What does a toll gate do?"'
    )
    assert answer.choices[0].finish_reason == "stop"
    usage = answer.usage
    assert usage.prompt_tokens > 0 and usage.completion_tokens > 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_a_stream_says_the_same_as_a_whole_answer(provider):
    whole = ask(f"{provider}/sim-chat")

    chunks = list(ask(f"{provider}/sim-chat", stream=True))

    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == text_of(whole)
    assert len(chunks) > 2
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_caller_may_leave_a_stream(provider):
    with ask(f"{provider}/sim-chat", stream=True) as stream:
        assert next(iter(stream)).id

    assert text_of(ask(f"{provider}/sim-chat"))


def test_many_calls_run_side_by_side(provider):
    async def ask_many():
        async with AsyncOpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0) as many:
            create = many.chat.completions.create
            calls = (create(model=f"{provider}/sim-chat", messages=[QUESTION]) for _ in range(20))
            return await asyncio.gather(*calls)

    answers = asyncio.run(ask_many())

    assert len({answer.id for answer in answers}) == 20


@pytest.mark.parametrize("role", ["system", "developer"])
def test_a_system_prompt_is_heeded(provider, role):
    answer = ask(f"{provider}/sim-chat", {"role": role, "content": "Be kind."}, QUESTION)

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
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    text = {"type": "text", "text": "What are these?"}

    answer = ask(f"{provider}/sim-chat", {"role": "user", "content": [text, image, image]})

    assert 'I see: "image/png of 70 bytes, image/png of 70 bytes"' in text_of(answer)


@pytest.mark.parametrize("stop", ["two", ["never said", "two"]])
def test_a_stop_sequence_ends_the_answer(provider, stop):
    question = {"role": "user", "content": "one two three"}

    answer = ask(f"{provider}/sim-chat", question, stop=stop)

    assert text_of(answer) == 'Hello from the simulator. You wrote: "one '
    assert answer.choices[0].finish_reason == "stop"


def test_a_token_limit_ends_the_answer(provider):
    answer = ask(f"{provider}/sim-chat", max_completion_tokens=3)

    assert text_of(answer) == "Hello from the"
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 3


class Shape(BaseModel):
    title: str
    count: int
    is_open: bool
    tags: list[str]


def test_a_json_schema_shapes_the_answer(provider):
    answer = client.chat.completions.parse(
        model=f"{provider}/sim-chat", messages=[QUESTION], response_format=Shape
    )

    parsed = answer.choices[0].message.parsed
    assert isinstance(parsed, Shape)
    assert parsed.title == "example title" and parsed.tags == ["example tags"]


def test_two_tools_are_called_side_by_side_and_their_results_used(provider):
    tools = {"tools": [WEATHER, CLOCK], "tool_choice": "required"}
    first = ask(f"{provider}/sim-chat", **tools)
    message = first.choices[0].message
    assert first.choices[0].finish_reason == "tool_calls"
    check_calls(message.tool_calls)

    results = [
        {"role": "tool", "tool_call_id": call.id, "content": content}
        for call, content in zip(message.tool_calls, ["14 degrees", "noon"], strict=True)
    ]
    second = ask(f"{provider}/sim-chat", QUESTION, message, *results, tools=[WEATHER, CLOCK])

    assert second.choices[0].finish_reason == "stop"
    assert text_of(second) == "The tools answered: get_weather = 14 degrees; get_time = noon."
    assert not second.choices[0].message.tool_calls


def test_streamed_tool_calls_come_together(provider):
    with client.chat.completions.stream(
        model=f"{provider}/sim-chat", messages=[QUESTION], tools=[WEATHER, CLOCK]
    ) as stream:
        final = stream.get_final_completion()

    assert final.choices[0].finish_reason == "tool_calls"
    check_calls(final.choices[0].message.tool_calls)


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_call_without_arguments_gets_an_empty_object(provider, is_stream):
    if is_stream:
        with client.chat.completions.stream(
            model=f"{provider}/sim-chat", messages=[QUESTION], tools=[DICE]
        ) as stream:
            answer = stream.get_final_completion()
    else:
        answer = ask(f"{provider}/sim-chat", tools=[DICE])

    [call] = answer.choices[0].message.tool_calls
    assert (call.function.name, json.loads(call.function.arguments)) == ("roll_dice", {})


def test_thinking_is_told_apart_from_the_answer(provider):
    answer = ask(f"{provider}/sim-reason")
    assert "The user wrote" in answer.choices[0].message.reasoning_content
    assert text_of(answer).startswith("Hello from the simulator.")

    deltas = [chunk.choices[0].delta for chunk in ask(f"{provider}/sim-reason", stream=True)]
    thoughts = "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas)
    assert thoughts == answer.choices[0].message.reasoning_content


@pytest.mark.parametrize("is_stream", [False, True])
def test_cached_and_reasoning_tokens_are_in_the_usage(provider, is_stream):
    model = f"{provider}/sim-cached-3-reason"
    if is_stream:
        *_, last = ask(model, stream=True, stream_options={"include_usage": True})
        usage = last.usage
    else:
        usage = ask(model).usage

    assert usage.prompt_tokens_details.cached_tokens == 3
    assert usage.prompt_tokens > 3
    assert 0 < usage.completion_tokens_details.reasoning_tokens < usage.completion_tokens
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens


def test_a_stream_tells_its_usage(provider):
    def usages(**options):
        stream = ask(f"{provider}/sim-chat", stream=True, **options)
        return [chunk.usage for chunk in stream if chunk.usage]

    assert usages() == []
    assert usages(stream_options={"include_usage": True}) == [ask(f"{provider}/sim-chat").usage]


def test_tokens_are_counted(provider):
    # This SDK cannot count beforehand; the answer tells.
    def prompt_tokens(*messages):
        return ask(f"{provider}/sim-chat", *messages).usage.prompt_tokens

    short, long = prompt_tokens(QUESTION), prompt_tokens(QUESTION, QUESTION)

    assert 0 < short < long


@pytest.mark.parametrize(
    ("arguments", "param"),
    [({"temperature": 3}, "temperature"), ({"messages": []}, "messages"), ({"top_p": 2}, "top_p")],
)
def test_a_bad_request_of_ours_is_refused_and_named(provider, arguments, param):
    with pytest.raises(openai.BadRequestError) as failure:
        client.chat.completions.create(
            **{"model": f"{provider}/sim-chat", "messages": [QUESTION], **arguments}
        )

    assert failure.value.type == "invalid_request_error"
    assert failure.value.param == param


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_refusal_of_the_provider_is_told_as_its_own(provider, is_stream):
    with pytest.raises(openai.BadRequestError) as failure:
        ask(f"{provider}/sim-error-400", stream=is_stream)

    assert failure.value.type == "invalid_request_error"
    assert failure.value.response.headers["x-should-retry"] == "false"


def test_a_missing_model_is_not_found(provider):
    for model in ["no-such-model", f"{provider}/sim-error-404"]:
        with pytest.raises(openai.NotFoundError) as failure:
            ask(model)
        assert failure.value.code == "model_not_found"

    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("no-such-model")


def test_a_wrong_token_is_an_authentication_error(provider):
    with pytest.raises(openai.AuthenticationError) as failure:
        client.with_options(api_key="tg-wrong").chat.completions.create(
            model=f"{provider}/sim-chat", messages=[QUESTION]
        )

    assert failure.value.status_code == 401
    assert failure.value.code == "invalid_api_key"


def test_too_many_wrong_tokens_are_a_rate_limit_error():
    elsewhere = client.with_options(api_key="tg-wrong", default_headers=address_of_its_own(1))
    with pytest.raises(openai.RateLimitError) as failure:
        for _ in range(200):
            with pytest.raises(openai.AuthenticationError):
                elsewhere.models.list()

    assert failure.value.status_code == 429
    assert int(failure.value.response.headers["retry-after"]) > 0


def test_a_rate_limit_of_the_provider_is_worth_another_try_later(provider):
    with pytest.raises(openai.InternalServerError) as failure:
        ask(f"{provider.code}-limited/sim-chat")

    assert (failure.value.status_code, failure.value.code) == (503, "no_available_key")
    assert int(failure.value.response.headers["retry-after"]) > 0


def test_a_key_that_the_provider_refuses_is_not_the_callers_fault(provider):
    with pytest.raises(openai.InternalServerError) as failure:
        ask(f"{provider.code}-refused/sim-chat")

    assert (failure.value.status_code, failure.value.code) == (503, "no_available_key")


@pytest.mark.parametrize("model", ["sim-error-529", "sim-error-first-503"])
def test_an_overloaded_provider_is_told_as_such(provider, model):
    with pytest.raises(openai.InternalServerError) as failure:
        ask(f"{provider}-failing/{model}", stream=True)

    assert (failure.value.status_code, failure.value.code) == (503, "provider_error")
    check_the_next_call_succeeds(provider)


@pytest.mark.parametrize("model", ["sim-error-500", "sim-cut-head", "sim-error-first-500"])
def test_a_broken_provider_is_told_as_such(provider, model):
    with pytest.raises(openai.InternalServerError) as failure:
        ask(f"{provider}-failing/{model}", stream=True)

    assert (failure.value.status_code, failure.value.code) == (502, "provider_error")
    check_the_next_call_succeeds(provider)


@pytest.mark.parametrize("model", ["sim-error-middle-500", "sim-cut-middle"])
def test_an_error_inside_a_stream_is_raised(provider, model):
    texts = []
    with pytest.raises(openai.APIError) as failure:
        for chunk in ask(f"{provider}-failing/{model}", stream=True):
            texts.append(chunk.choices[0].delta.content or "")

    assert not isinstance(failure.value, openai.APIStatusError)
    assert failure.value.code == "provider_error"
    assert "".join(texts).startswith("Hello")
    check_the_next_call_succeeds(provider)


def test_every_answer_tells_its_request_id_and_provider(provider):
    raw = client.chat.completions.with_raw_response.create(
        model=f"{provider}/sim-chat", messages=[QUESTION]
    )
    assert len(raw.headers["x-request-id"]) == 36
    assert raw.headers["x-tollgate-provider"] == provider.code
    assert raw.headers["x-tollgate-attempts"] == "1" or provider.is_route

    with pytest.raises(openai.APIStatusError) as failure:
        ask("no-such-model")
    assert len(failure.value.request_id) == 36
