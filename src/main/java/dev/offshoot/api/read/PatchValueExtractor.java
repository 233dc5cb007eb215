package dev.offshoot.api.read;

import dev.offshoot.value.Patch;
import jakarta.inject.Singleton;
import jakarta.validation.valueextraction.ExtractedValue;
import jakarta.validation.valueextraction.ValueExtractor;

/** Lets constraints reach into a {@link Patch}: they hold for what it says, and for nothing where it says nothing. */
@Singleton
public class PatchValueExtractor implements ValueExtractor<Patch<@ExtractedValue ?>> {
    @Override
    public void extractValues(Patch<?> patch, ValueReceiver receiver) {
        if (patch.given()) {
            receiver.value(null, patch.value());
        }
    }
}
