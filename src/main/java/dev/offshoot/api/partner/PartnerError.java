package dev.offshoot.api.partner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of every refused call of the Partner API.
 *
 * @param identifier the error's code
 * @param violation what is wrong with each offending field; present only for validation failures
 */
@RegisterForReflection
public record PartnerError(
        boolean success,
        String identifier,
        Detail error,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> violation) {

    /** The error itself. */
    @RegisterForReflection
    public record Detail(
            String code,
            String message,

            @JsonProperty("request_id") String requestId) {}
}
