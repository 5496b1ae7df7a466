"""`python -m benchmarks.bench_cloud.moto_server`: a moto server with seeded accounts, until its standard input ends.

It prints one line of JSON: where it listens, and each seeded resource with the model that it leads to.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from moto.bedrock.models import bedrock_backends
from moto.bedrockagent.models import bedrockagent_backends
from moto.sagemaker.models import sagemaker_backends
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLE: Final = "arn:aws:iam::123456789012:role/serving"
_STORE: Final = {"type": "OPENSEARCH_SERVERLESS"}
_TAGS: Final = [{"Key": "owner", "Value": "search"}]
_MODELS: Final = ("anthropic.claude-3-sonnet-20240229-v1:0", "amazon.nova-pro-v1:0", "meta.llama3-70b-instruct-v1:0")


@dataclass(frozen=True, slots=True)
class _Seeder:
    """Seeds one account in one Region through moto's backends."""

    account: str
    region: str

    def served(self, number: int) -> Iterator[tuple[str, str]]:
        """A model with its configuration and its endpoint: all lead to an image."""
        backend = sagemaker_backends[self.account][self.region]
        name = f"ranker-{number}"
        image = f"763104351884.dkr.ecr.{self.region}.amazonaws.com/huggingface-tgi:{number}"
        variant = {
            "VariantName": "all", "ModelName": name, "InitialInstanceCount": 1, "InstanceType": "ml.m5.large",
        }  # fmt: skip
        yield backend.create_model(name, _ROLE, {"Image": image}, None, None, []).arn, image
        (config,) = backend.create_endpoint_config(name, [variant], {}, {}, [], "").arn  # moto keeps it in a tuple
        yield config, image
        yield backend.create_endpoint(name, name, _TAGS).arn, image

    def agent(self, number: int) -> tuple[str, str]:
        backend: Any = bedrockagent_backends[self.account][self.region]
        model = _MODELS[number % len(_MODELS)]
        made = backend.create_agent(f"helper-{number}", _ROLE, None, None, model, None, None, None, None, None)
        return made.agent_arn, model

    def knowledge(self, number: int) -> tuple[str, str]:
        backend: Any = bedrockagent_backends[self.account][self.region]
        model = f"arn:aws:bedrock:{self.region}::foundation-model/amazon.titan-embed-text-v2:0"
        settings = {"type": "VECTOR", "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": model}}
        made = backend.create_knowledge_base(f"manuals-{number}", _ROLE, settings, _STORE, None, None, None)
        return made.knowledge_base_arn, model

    def tuned(self, number: int) -> tuple[str, str]:
        backend = bedrock_backends[self.account][self.region]
        base = _MODELS[number % len(_MODELS)]
        name = f"tuned-{number}"
        backend.create_model_customization_job(
            f"job-{number}", name, _ROLE, base, {"s3Uri": "s3://data/train"}, {"s3Uri": "s3://data/out"}, {},
            None, None, None, None, None, None, None,
        )  # fmt: skip
        made = backend.custom_models[name]
        return made.model_arn, made.base_model_arn


def seeded(account: str, region: str, each: int) -> Iterator[tuple[str, str]]:
    """Seeds: three resources of SageMaker for one of each kind of Bedrock; gives ARNs and models."""
    seeder = _Seeder(account, region)
    for number in range(each * 3):
        yield from seeder.served(number)
    for number in range(each):
        yield seeder.agent(number)
        yield seeder.knowledge(number)
        yield seeder.tuned(number)


def main() -> None:
    accounts, regions, each = sys.argv[1].split(","), sys.argv[2].split(","), int(sys.argv[3])
    made = {arn: model for account in accounts for region in regions for arn, model in seeded(account, region, each)}
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(json.dumps({"url": f"http://{host}:{port}", "seeded": made}), flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
