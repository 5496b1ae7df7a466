// Command document-search answers questions of technicians from manuals.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"

	"example.org/acme/document-search/internal/answer"
	"github.com/blevesearch/bleve/v2"
)

func main() {
	index, err := bleve.Open(os.Getenv("INDEX"))
	if err != nil {
		log.Fatal(err)
	}
	writer := answer.Writer{Key: os.Getenv("ANSWER_KEY")}
	http.HandleFunc("/search", func(w http.ResponseWriter, r *http.Request) {
		question := r.URL.Query().Get("q")
		found, err := index.Search(bleve.NewSearchRequest(bleve.NewMatchQuery(question)))
		if err != nil || len(found.Hits) == 0 {
			http.Error(w, "nothing found", http.StatusNotFound)
			return
		}
		text, err := writer.Answer(r.Context(), question, found.Hits[0].ID)
		if err != nil {
			http.Error(w, "no answer", http.StatusBadGateway)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"answer": text, "manual": found.Hits[0].ID})
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
