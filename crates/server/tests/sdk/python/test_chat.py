import asyncio

from pydantic import BaseModel

QUESTION = [{"role": "user", "content": "What does a toll gate do?"}]


def test_a_question_is_answered(client):
    answer = client.chat.completions.create(model="sim-chat", messages=QUESTION)

    assert answer.object == "chat.completion"
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.prompt_tokens > 0
    assert answer.usage.completion_tokens > 0
    assert answer.usage.total_tokens == (
        answer.usage.prompt_tokens + answer.usage.completion_tokens
    )


def test_a_provider_can_be_named_with_the_model(client):
    answer = client.chat.completions.create(
        model="simulator/sim-chat", messages=QUESTION
    )

    assert answer.choices[0].message.content


def test_the_response_tells_its_request_id_and_provider(client):
    raw = client.chat.completions.with_raw_response.create(
        model="sim-chat", messages=QUESTION
    )

    assert len(raw.headers["x-request-id"]) == 36
    assert raw.headers["x-tollgate-provider"] == "simulator"
    assert raw.headers["x-tollgate-attempts"] == "1"


def test_a_stream_says_the_same_as_a_whole_answer(client):
    whole = client.chat.completions.create(model="sim-chat", messages=QUESTION)

    chunks = list(
        client.chat.completions.create(model="sim-chat", messages=QUESTION, stream=True)
    )

    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert len(chunks) > 2
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_stream_tells_its_usage_only_when_asked(client):
    def usages(**options):
        stream = client.chat.completions.create(
            model="sim-chat", messages=QUESTION, stream=True, **options
        )
        return [chunk.usage for chunk in stream if chunk.usage]

    assert usages() == []
    [usage] = usages(stream_options={"include_usage": True})
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0


def test_the_streaming_helper_puts_the_answer_together(client):
    with client.chat.completions.stream(model="sim-chat", messages=QUESTION) as stream:
        deltas = [event.delta for event in stream if event.type == "content.delta"]
        final = stream.get_final_completion()

    assert final.choices[0].message.content == "".join(deltas)


def test_many_calls_run_side_by_side(async_client):
    async def ask():
        return await asyncio.gather(
            *(
                async_client.chat.completions.create(model="sim-chat", messages=QUESTION)
                for _ in range(20)
            )
        )

    answers = asyncio.run(ask())

    assert len({answer.id for answer in answers}) == 20


class Answer(BaseModel):
    title: str
    count: int
    is_open: bool
    tags: list[str]


def test_a_json_schema_shapes_the_answer(client):
    answer = client.chat.completions.parse(
        model="sim-chat", messages=QUESTION, response_format=Answer
    )

    parsed = answer.choices[0].message.parsed
    assert isinstance(parsed, Answer)
    assert parsed.model_dump() == Answer.model_validate_json(
        answer.choices[0].message.content
    ).model_dump()


def test_an_image_can_be_part_of_the_question(client):
    pixel = (
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlE"
        "QVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )

    answer = client.chat.completions.create(
        model="sim-chat",
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": pixel}},
                ],
            }
        ],
    )

    assert answer.choices[0].message.content
