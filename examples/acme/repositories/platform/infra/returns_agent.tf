# Pilot: answers questions of the returns desk, with the returns policy as its only source.
resource "aws_bedrockagent_agent" "returns" {
  agent_name                  = "returns-desk"
  agent_resource_role_arn     = aws_iam_role.returns_agent.arn
  foundation_model            = "eu.amazon.nova-pro-v1:0"
  idle_session_ttl_in_seconds = 600
  instruction                 = "Answer questions of the returns desk from the returns policy. Refuse everything else."
}

resource "aws_bedrockagent_agent_alias" "returns" {
  agent_id         = aws_bedrockagent_agent.returns.agent_id
  agent_alias_name = "pilot"
}

resource "aws_iam_role" "returns_agent" {
  name               = "returns-agent"
  assume_role_policy = data.aws_iam_policy_document.returns_agent.json
}

data "aws_iam_policy_document" "returns_agent" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["bedrock.amazonaws.com"]
    }
  }
}
