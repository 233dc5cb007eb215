package dev.offshoot.value;

import org.bson.codecs.Codec;
import org.bson.codecs.configuration.CodecProvider;
import org.bson.codecs.configuration.CodecRegistry;
import org.jspecify.annotations.Nullable;

/** Stores a {@link KeyId} as a string in the database. */
public final class KeyIdCodecProvider implements CodecProvider {
    private static final Codec<KeyId> CODEC = new ValueCodec<>(
            KeyId.class, reader -> new KeyId(reader.readString()), (writer, id) -> writer.writeString(id.value()));

    @Override
    @SuppressWarnings("unchecked") // the class is compared first
    public <T> @Nullable Codec<T> get(Class<T> type, CodecRegistry registry) {
        return type == KeyId.class ? (Codec<T>) CODEC : null;
    }
}
