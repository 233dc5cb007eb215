package dev.offshoot.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.net.http.HttpHeaders;
import org.eclipse.microprofile.config.ConfigProvider;

/** Plain HTTP to the service under test. */
public final class Http {
    /** Strict: a field that a test's record does not know is a failure. */
    public static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private Http() {}

    /** As JSON, in characters as they are. */
    public static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException(noJson);
        }
    }

    /** As JSON in ASCII alone, which can hold lone surrogates too. */
    public static String ascii(Object value) {
        try {
            return JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(value);
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException(noJson);
        }
    }

    /** What was answered. */
    public record Answer(int status, HttpHeaders headers, String body) {
        public JsonNode json() {
            return Http.json(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            throw new AssertionError("no JSON: " + text, noJson);
        }
    }

    /** Where the service under test is. */
    public static String base() {
        var url = ConfigProvider.getConfig().getValue("test.url", String.class);
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** @param pathAndQuery already percent-encoded; it is sent as it is written */
    public static Request request(String method, String pathAndQuery) {
        return request(base(), method, pathAndQuery);
    }

    public static Request request(String base, String method, String pathAndQuery) {
        return new Request(base, method, pathAndQuery);
    }
}
