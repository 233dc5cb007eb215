package dev.offshoot.runtime;

import dev.offshoot.apikey.KeyEncryption;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/** The key-encryption keys of the settings; for a demonstration one is made at its first start and kept beside its store. */
final class EncryptionKeys {
    private static final String FILE = "key-encryption-key";

    @Produces
    @Singleton
    KeyEncryption keys(OffshootConfig config) {
        var current = config.keyEncryption().current().orElseGet(() -> demoKey(config));
        return KeyEncryption.of(current, config.keyEncryption().previous().orElse(List.of()))
                .orElseThrow(() -> new IllegalStateException("the start checks let a malformed key pass"));
    }

    private static String demoKey(OffshootConfig config) {
        return config.demoStore().equals(EmbeddedStore.IN_MEMORY)
                ? KeyEncryption.mintKey(KeyEncryption.DEMO_ID)
                : kept(Path.of(config.demoStore()).toAbsolutePath().resolveSibling(FILE));
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
}
