import openai
import pytest

QUESTION = [{"role": "user", "content": "hello"}]


def test_a_wrong_key_is_an_authentication_error(client):
    with pytest.raises(openai.AuthenticationError) as failure:
        client.with_options(api_key="tg-wrong").models.list()

    assert failure.value.status_code == 401
    assert failure.value.code


def test_an_unknown_model_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as failure:
        client.chat.completions.create(model="no-such-model", messages=QUESTION)

    assert failure.value.code == "model_not_found"

    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("no-such-model")


@pytest.mark.parametrize(
    ("arguments", "param"),
    [
        ({"temperature": 3}, "temperature"),
        ({"messages": []}, "messages"),
        ({"top_p": 2}, "top_p"),
    ],
)
def test_a_bad_parameter_is_named(client, arguments, param):
    with pytest.raises(openai.BadRequestError) as failure:
        client.chat.completions.create(
            **{"model": "sim-chat", "messages": QUESTION, **arguments}
        )

    assert failure.value.type == "invalid_request_error"
    assert failure.value.param == param


def test_a_provider_without_keys_fails_at_once(client):
    with pytest.raises(openai.InternalServerError) as failure:
        client.chat.completions.create(model="openai/gpt-5", messages=QUESTION)

    assert failure.value.status_code == 503
    assert failure.value.code == "no_available_key"
    assert failure.value.response.headers["x-should-retry"] == "false"


def test_every_error_tells_its_request_id(client):
    with pytest.raises(openai.APIStatusError) as failure:
        client.chat.completions.create(model="no-such-model", messages=QUESTION)

    assert len(failure.value.request_id) == 36
