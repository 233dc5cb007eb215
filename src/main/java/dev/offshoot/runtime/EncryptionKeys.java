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

/** The key-encryption keys of the settings; for a demo store one is made at its first start and kept beside it. */
final class EncryptionKeys {
    private static final String FILE = "key-encryption-key";

    @Produces
    @Singleton
    KeyEncryption keys(OffshootConfig config, DatabaseChoice database) {
        var current = config.keyEncryption().current().orElseGet(() -> demoKey(config, database));
        return KeyEncryption.of(current, config.keyEncryption().previous().orElse(List.of()))
                .orElseThrow(
                        () -> new StartRefused("OFFSHOOT_KEY_ENCRYPTION_CURRENT or _PREVIOUS is not a key-encryption"
                                + " key. Make one with the argument mint-encryption-key."));
    }

    private static String demoKey(OffshootConfig config, DatabaseChoice database) {
        database.require();
        if (!database.isEmbedded()) {
            throw new StartRefused("Offshoot has no key-encryption key and does not start: without it the keys of HTTP"
                    + " Digest can't be sealed. Set OFFSHOOT_KEY_ENCRYPTION_CURRENT to what the argument"
                    + " mint-encryption-key prints, the same for every replica.");
        }
        return config.demoStore().equals(EmbeddedStore.IN_MEMORY)
                ? KeyEncryption.mintKey("demo")
                : kept(Path.of(config.demoStore()).toAbsolutePath().resolveSibling(FILE));
    }

    /** A temporary file is readable by its owner only, and stays so when it is moved. */
    private static String kept(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                var whole = Files.createTempFile(file.getParent(), FILE, ".new");
                Files.writeString(whole, KeyEncryption.mintKey("demo"));
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot keep the demo store's key-encryption key", failure);
        }
    }
}
