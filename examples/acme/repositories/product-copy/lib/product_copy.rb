# frozen_string_literal: true

require "openai"

# Drafts a description from a data sheet.
class ProductCopy
  MODEL = "gpt-4o-mini"

  def initialize(client = OpenAI::Client.new(access_token: ENV.fetch("OPENAI_API_KEY")))
    @client = client
  end

  def draft(sheet)
    answer = @client.chat(
      parameters: { model: MODEL, messages: [{ role: "user", content: "Describe for a shop:\n#{sheet}" }] }
    )
    answer.dig("choices", 0, "message", "content")
  end
end
