package dev.offshoot.api.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Failure.BodyFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads a body as one JSON object (RFC 8259) in UTF-8, without duplicate keys, trailing text or great depth. */
final class StrictJson {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private StrictJson() {}

    /** Fails with {@link Failure.MalformedBody}. */
    static ObjectNode read(byte[] body) {
        if (readAny(body) instanceof ObjectNode object) {
            return object;
        }
        throw malformed(BodyFault.NOT_AN_OBJECT);
    }

    /** As {@link #read} for a call that takes a list. */
    static ArrayNode readArray(byte[] body) {
        if (readAny(body) instanceof ArrayNode array) {
            return array;
        }
        throw malformed(BodyFault.NOT_A_LIST);
    }

    /** An object whose one field is the list. */
    static ObjectNode wrap(String name, ArrayNode list) {
        return JsonNodeFactory.instance.objectNode().set(name, list);
    }

    private static JsonNode readAny(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            if (text.isBlank()) {
                throw malformed(BodyFault.EMPTY);
            }
            return READER.readTree(text);
        } catch (CharacterCodingException notUtf8) {
            throw malformed(BodyFault.NOT_JSON);
        } catch (StreamConstraintsException tooMuch) {
            throw malformed(BodyFault.TOO_DEEP);
        } catch (JsonProcessingException unreadable) {
            throw malformed(isDuplicate(unreadable) ? BodyFault.DUPLICATE_KEY : BodyFault.NOT_JSON);
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
    }

    /** The parser has no type of its own for this. */
    private static boolean isDuplicate(JsonProcessingException unreadable) {
        return unreadable instanceof JsonParseException
                && unreadable.getOriginalMessage().startsWith("Duplicate field");
    }

    private static RuntimeException malformed(BodyFault fault) {
        return new Failure.MalformedBody(fault).asException();
    }
}
