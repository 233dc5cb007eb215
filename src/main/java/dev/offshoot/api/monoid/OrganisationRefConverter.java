package dev.offshoot.api.monoid;

import dev.offshoot.organisation.OrganisationRef;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Reads an organisation's identifier from a path: its id, or the external id of a direct child. */
@Provider
public class OrganisationRefConverter implements ParamConverterProvider {
    @Override
    @SuppressWarnings("unchecked") // the class is compared first
    public <T> @Nullable ParamConverter<T> getConverter(Class<T> raw, Type generic, Annotation[] annotations) {
        return raw == OrganisationRef.class ? (ParamConverter<T>) new Converter() : null;
    }

    private static final class Converter implements ParamConverter<OrganisationRef> {
        @Override
        public OrganisationRef fromString(String text) {
            return OrganisationRef.of(text);
        }

        @Override
        public String toString(OrganisationRef ref) {
            return ref.toString();
        }
    }
}
