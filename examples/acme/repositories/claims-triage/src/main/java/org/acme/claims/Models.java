package org.acme.claims;

import dev.langchain4j.model.azure.AzureOpenAiChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.mistralai.MistralAiChatModel;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class Models {
    @Bean
    ChatModel sorting(@Value("${claims.endpoint}") String endpoint, @Value("${claims.key}") String key) {
        return AzureOpenAiChatModel.builder()
                .endpoint(endpoint)
                .apiKey(key)
                .deploymentName("claims-sorting")
                .temperature(0.0)
                .build();
    }

    /** For the days on which the first does not answer. */
    @Bean
    ChatModel reserve(@Value("${claims.reserve-key}") String key) {
        return MistralAiChatModel.builder().apiKey(key).modelName("mistral-small-latest").build();
    }
}
