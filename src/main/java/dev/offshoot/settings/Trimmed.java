package dev.offshoot.settings;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** An entry of a list without the space around it, which people write behind the commas. An empty one is none. */
@RegisterForReflection
public final class Trimmed implements Converter<String> {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable String convert(String value) {
        var trimmed = value.strip();
        return trimmed.isEmpty() ? null : trimmed;
    }
}
