package dev.offshoot.runtime.demo;

import dev.offshoot.digest.KeyEncryption;
import dev.offshoot.settings.Settings;
import io.quarkus.runtime.ImageMode;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a demonstration, where they are not set otherwise. It makes itself a key-encryption key at its first
 * start, which is kept where the demo store is, and serves Swagger UI. On the demo store it listens on this machine only.
 */
public final class DemoSettings implements ConfigSourceFactory {
    private static final String CURRENT_KEY = "offshoot.key-encryption.current";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String FILE = "key-encryption-key";
    /** Below that of {@code application.properties} and of everything that an operator sets. */
    private static final int ORDINAL = 50;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        return "true".equals(value(context, "offshoot.demo"))
                ? List.of(new PropertiesConfigSource(settings(context), "demonstration", ORDINAL))
                : List.of();
    }

    private static boolean usesDemoStore(ConfigSourceContext context) {
        return value(context, "quarkus.mongodb.connection-string") == null
                && !ImageMode.current().isNativeImage();
    }

    private static Map<String, String> settings(ConfigSourceContext context) {
        var settings = new HashMap<String, String>();
        settings.put("offshoot.http.documents", "all");
        if (usesDemoStore(context)) {
            settings.put("quarkus.http.host", LOOPBACK);
            settings.put("quarkus.management.host", LOOPBACK);
        }
        if (value(context, CURRENT_KEY) == null) {
            var store = Objects.requireNonNullElse(value(context, "offshoot.demo-store"), Settings.DEMO_STORE);
            settings.put(CURRENT_KEY, key(store));
        }
        return settings;
    }

    private static String key(String store) {
        return store.equals(Settings.IN_MEMORY)
                ? KeyEncryption.mintKey(KeyEncryption.DEMO_ID)
                : kept(Path.of(store).toAbsolutePath().resolveSibling(FILE));
    }

    /** A temporary file is readable by its owner only, and stays so when it is moved. */
    private static String kept(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                var whole = Files.createTempFile(file.getParent(), FILE, ".new");
                Files.writeString(whole, KeyEncryption.mintKey(KeyEncryption.DEMO_ID));
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot keep the demo store's key-encryption key", failure);
        }
    }

    private static @Nullable String value(ConfigSourceContext context, String name) {
        var value = context.getValue(name);
        return value == null ? null : value.getValue();
    }
}
