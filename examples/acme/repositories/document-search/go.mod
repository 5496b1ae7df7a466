module example.org/acme/document-search

go 1.23

require github.com/blevesearch/bleve/v2 v2.4.3
