// Package answer writes an answer from a passage.
package answer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

const (
	endpoint = "https://api.deepseek.com/chat/completions"
	model    = "deepseek-chat"
)

// Writer writes answers. URL is set in tests.
type Writer struct {
	Key string
	URL string
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type request struct {
	Model    string    `json:"model"`
	Messages []message `json:"messages"`
}

type reply struct {
	Choices []struct {
		Message message `json:"message"`
	} `json:"choices"`
}

// Answer asks for an answer that rests on one passage.
func (w Writer) Answer(ctx context.Context, question, passage string) (string, error) {
	body, err := json.Marshal(request{model, []message{
		{"system", "Answer from the passage only.\n" + passage},
		{"user", question},
	}})
	if err != nil {
		return "", err
	}
	url := w.URL
	if url == "" {
		url = endpoint
	}
	call, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	call.Header.Set("Authorization", "Bearer "+w.Key)
	call.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(call)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var read reply
	if err := json.NewDecoder(answer.Body).Decode(&read); err != nil {
		return "", err
	}
	if len(read.Choices) == 0 {
		return "", errors.New("no answer")
	}
	return read.Choices[0].Message.Content, nil
}
