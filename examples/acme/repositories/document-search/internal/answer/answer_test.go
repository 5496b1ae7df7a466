package answer

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAnswer(t *testing.T) {
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"choices": [{"message": {"role": "assistant", "content": "Turn it to the left."}}]}`))
	}))
	defer fake.Close()
	text, err := Writer{URL: fake.URL}.Answer(context.Background(), "How do I open it?", "Turn the valve to the left.")
	if err != nil || text != "Turn it to the left." {
		t.Fatalf("got %q, %v", text, err)
	}
}
