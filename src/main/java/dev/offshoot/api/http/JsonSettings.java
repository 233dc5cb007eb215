package dev.offshoot.api.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;

/** Sets how answers are written: instants as RFC 3339 in UTC, always with milliseconds. */
@Singleton
class JsonSettings implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        var instants = new SimpleModule("instants-in-milliseconds");
        instants.addSerializer(Instant.class, new JsonSerializer<>() {
            @Override
            public void serialize(Instant instant, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeString(InMilliseconds.text(instant));
            }
        });
        mapper.registerModule(instants);
    }

    /** Runs after Quarkus' own time module, to override it. */
    @Override
    public int priority() {
        return MINIMUM_PRIORITY;
    }
}
