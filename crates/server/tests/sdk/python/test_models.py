import math


def test_models_are_listed(client):
    models = {model.id: model for model in client.models.list()}

    assert "sim-chat" in models
    assert models["sim-chat"].object == "model"
    assert models["sim-chat"].owned_by == "simulator"


def test_a_model_is_found_by_its_id(client):
    assert client.models.retrieve("sim-chat").id == "sim-chat"


def test_embeddings_come_in_the_encoding_that_the_sdk_asks_for(client):
    texts = ["a gate", "a toll"]

    packed = client.embeddings.create(model="sim-embed", input=texts)
    plain = client.embeddings.create(model="sim-embed", input=texts, encoding_format="float")

    assert [item.index for item in packed.data] == [0, 1]
    assert packed.usage.prompt_tokens > 0
    for one, other in zip(packed.data, plain.data, strict=True):
        assert len(one.embedding) == len(other.embedding) > 0
        assert all(map(lambda a, b: math.isclose(a, b, abs_tol=1e-6), one.embedding, other.embedding))
