# frozen_string_literal: true

require "sinatra"
require_relative "lib/product_copy"

post "/drafts" do
  ProductCopy.new.draft(request.body.read)
end
