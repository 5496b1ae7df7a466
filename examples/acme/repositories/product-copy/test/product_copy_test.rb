# frozen_string_literal: true

require "minitest/autorun"
require_relative "../lib/product_copy"

class FakeClient
  def chat(parameters:)
    { "choices" => [{ "message" => { "content" => "A fine cup." } }] }
  end
end

class ProductCopyTest < Minitest::Test
  def test_draft
    assert_equal "A fine cup.", ProductCopy.new(FakeClient.new).draft("Cup, 0.3 l")
  end
end
