package org.acme.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.langchain4j.model.chat.ChatModel;
import org.junit.jupiter.api.Test;

class TriageTest {
    /** Says what it was told to say. */
    record FakeModel(String answer) implements ChatModel {
        @Override
        public String chat(String message) {
            return answer;
        }
    }

    @Test
    void whatCannotBeToldGoesToAClerk() {
        assertEquals(Triage.Path.CLERK, new Triage(new FakeModel("Perhaps")).sort("The cup is broken."));
    }
}
