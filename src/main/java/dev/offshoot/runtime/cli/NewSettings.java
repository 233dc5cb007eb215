package dev.offshoot.runtime.cli;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.digest.KeyEncryption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Writes the keys of a new installation as a settings file, for operators who have no other place to keep secrets. */
final class NewSettings {
    private NewSettings() {}

    /**
     * Writes a root key and a key-encryption key to a file that only its owner may read. An existing file is left as it
     * is, even if two calls run at once.
     *
     * @return whether the file was written
     */
    static boolean write(Path file) throws IOException {
        var target = file.toAbsolutePath();
        var folder = Objects.requireNonNull(target.getParent(), "a file is in a folder");
        Files.createDirectories(folder);
        // A temporary file is readable only by its owner, and linking it never replaces another file.
        var whole = Files.createTempFile(folder, "settings", ".new");
        try {
            Files.writeString(whole, """
                    # Made by mint-settings. Anyone who reads this file can do everything.
                    # If it is lost, so is what the keys sealed.
                    offshoot.root.key=%s
                    offshoot.key-encryption.current=%s
                    """.formatted(KeySecret.mint().reveal(), KeyEncryption.mintKey()));
            Files.createLink(target, whole);
            return true;
        } catch (FileAlreadyExistsException kept) {
            return false;
        } finally {
            Files.delete(whole);
        }
    }
}
