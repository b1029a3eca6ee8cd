"""What OpenAI's SDK alone has."""

import math

import openai
import pytest
from conftest import KEY, URL
from openai import OpenAI

client = OpenAI(base_url=URL + "/v1", api_key=KEY, max_retries=0)


def test_a_model_without_its_provider_is_found():
    answer = client.chat.completions.create(
        model="sim-chat", messages=[{"role": "user", "content": "Hello?"}]
    )

    assert "Hello?" in answer.choices[0].message.content


def test_a_provider_without_keys_fails_at_once():
    with pytest.raises(openai.InternalServerError) as failure:
        client.chat.completions.create(
            model="deepseek/deepseek-chat", messages=[{"role": "user", "content": "Hello?"}]
        )

    assert (failure.value.status_code, failure.value.code) == (503, "no_available_key")
    assert failure.value.response.headers["x-should-retry"] == "false"


def test_models_are_listed_and_found_by_their_id():
    models = {model.id: model for model in client.models.list()}

    assert models["sim-chat"].object == "model"
    assert models["sim-chat"].owned_by == "openai"
    assert client.models.retrieve("sim-chat").id == "sim-chat"


@pytest.mark.parametrize("provider", ["openai", "gemini"])
def test_embeddings_come_in_the_encoding_that_the_sdk_asks_for(provider):
    model, texts = f"{provider}/sim-embed", ["a gate", "a toll"]

    packed = client.embeddings.create(model=model, input=texts)
    plain = client.embeddings.create(model=model, input=texts, encoding_format="float")

    assert [item.index for item in packed.data] == [0, 1]
    assert packed.usage.prompt_tokens > 0
    for one, other in zip(packed.data, plain.data, strict=True):
        assert len(one.embedding) == len(other.embedding) > 0
        assert all(map(lambda a, b: math.isclose(a, b, abs_tol=1e-6), one.embedding, other.embedding))
