package org.acme.claims;

import dev.langchain4j.model.chat.ChatModel;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;

@Service
class Triage {
    enum Path { TEMPLATE, CLERK }

    private final ChatModel model;

    Triage(@Qualifier("sorting") ChatModel model) {
        this.model = model;
    }

    /** What cannot be told goes to a clerk. */
    Path sort(String claim) {
        String answer = model.chat("Answer TEMPLATE or CLERK. Does a template answer this claim?\n" + claim);
        return "TEMPLATE".equals(answer.strip()) ? Path.TEMPLATE : Path.CLERK;
    }
}
