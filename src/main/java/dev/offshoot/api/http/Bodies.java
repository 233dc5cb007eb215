package dev.offshoot.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes an answer's entity as the framework does: no bytes for no entity, a text as it is, anything else as JSON. */
@ApplicationScoped
class Bodies {
    private final ObjectMapper json;

    Bodies(ObjectMapper json) {
        this.json = json;
    }

    byte[] bytes(@Nullable Object entity) {
        if (entity == null) {
            return new byte[0];
        }
        try {
            return entity instanceof String text
                    ? text.getBytes(StandardCharsets.UTF_8)
                    : json.writeValueAsBytes(entity);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer is always writable", impossible);
        }
    }
}
