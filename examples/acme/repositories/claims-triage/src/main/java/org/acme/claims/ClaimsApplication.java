package org.acme.claims;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class ClaimsApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(ClaimsApplication.class, arguments);
    }
}
