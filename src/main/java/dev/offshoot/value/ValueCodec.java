package dev.offshoot.value;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bson.BsonReader;
import org.bson.BsonWriter;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;

/** Stores a typed id as the plain BSON value that it wraps. */
public record ValueCodec<T>(Class<T> type, Function<BsonReader, T> read, BiConsumer<BsonWriter, T> write)
        implements Codec<T> {

    @Override
    public T decode(BsonReader reader, DecoderContext context) {
        return read.apply(reader);
    }

    @Override
    public void encode(BsonWriter writer, T value, EncoderContext context) {
        write.accept(writer, value);
    }

    @Override
    public Class<T> getEncoderClass() {
        return type;
    }
}
