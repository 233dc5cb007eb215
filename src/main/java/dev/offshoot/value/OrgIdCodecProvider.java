package dev.offshoot.value;

import org.bson.codecs.Codec;
import org.bson.codecs.configuration.CodecProvider;
import org.bson.codecs.configuration.CodecRegistry;
import org.jspecify.annotations.Nullable;

/** Stores an {@link OrgId} as an ObjectId in the database. */
public final class OrgIdCodecProvider implements CodecProvider {
    private static final Codec<OrgId> CODEC = new ValueCodec<>(
            OrgId.class, reader -> new OrgId(reader.readObjectId()), (writer, id) -> writer.writeObjectId(id.value()));

    @Override
    @SuppressWarnings("unchecked") // the class is compared first
    public <T> @Nullable Codec<T> get(Class<T> type, CodecRegistry registry) {
        return type == OrgId.class ? (Codec<T>) CODEC : null;
    }
}
