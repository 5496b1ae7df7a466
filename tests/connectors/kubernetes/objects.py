"""Kinds and objects as clusters have them, shaped after the projects' own examples."""

from __future__ import annotations

from typing import Any

from tests.connectors.kubernetes.fake_kubernetes import Resource

NAMESPACE = Resource("", "v1", "Namespace", "namespaces", namespaced=False)
NODE = Resource("", "v1", "Node", "nodes", namespaced=False)
DEPLOYMENT = Resource("apps", "v1", "Deployment", "deployments")
CRON_JOB = Resource("batch", "v1", "CronJob", "cronjobs")
JOB = Resource("batch", "v1", "Job", "jobs")
INFERENCE_SERVICE = Resource("serving.kserve.io", "v1beta1", "InferenceService", "inferenceservices")
SERVING_RUNTIME = Resource("serving.kserve.io", "v1alpha1", "ServingRuntime", "servingruntimes")

SECRET = "sk-live-4f9a0b77"
"""Stands wherever a careless person may put one; it must be nowhere in what leaves the connector."""


def metadata(name: str, namespace: str = "ml", **more: Any) -> dict[str, Any]:
    place = {"namespace": namespace} if namespace else {}
    annotations = {"kubectl.kubernetes.io/last-applied-configuration": f'{{"env": "{SECRET}"}}'}
    return {"name": name, **place, "creationTimestamp": "2026-11-01T08:00:00Z", "annotations": annotations, **more}


def deployment(name: str, container: dict[str, Any], namespace: str = "ml", **more: Any) -> dict[str, Any]:
    pod = {"containers": [{"name": "main", **container}], "serviceAccountName": "runner"}
    return {
        "metadata": metadata(name, namespace, **more),
        "spec": {"template": {"metadata": {"annotations": {"note": SECRET}}, "spec": pod}},
        "status": {"conditions": [{"type": "Available", "status": "True"}]},
    }


def inference_service(name: str = "fraud", namespace: str = "ml") -> dict[str, Any]:
    return {
        "metadata": metadata(name, namespace, labels={"team": "risk", "app.kubernetes.io/instance": "fraud-stack"}),
        "spec": {
            "predictor": {
                "serviceAccountName": "s3-reader",
                "model": {
                    "modelFormat": {"name": "xgboost"},
                    "storageUri": "s3://models/fraud/v7",
                    "runtime": "kserve-xgbserver",
                    "env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": SECRET}],
                },
            }
        },
        "status": {
            "url": "https://fraud.ml.example.com",
            "address": {"url": "http://fraud.ml.svc.cluster.local/v1"},
            "conditions": [{"type": "PredictorReady", "status": "True"}, {"type": "Ready", "status": "True"}],
        },
    }
