package dev.offshoot.runtime.cli;

import dev.offshoot.apikey.KeySecret;
import dev.offshoot.digest.KeyEncryption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The keys of a new installation as a file of settings, for those who have no other place to keep secrets in. */
final class NewSettings {
    private NewSettings() {}

    /**
     * Writes a file that only its owner may read, with a root key and a key-encryption key. One that is there stays as it
     * is, even if both come at once.
     *
     * @return whether it was written
     */
    static boolean write(Path file) throws IOException {
        var target = file.toAbsolutePath();
        var folder = Objects.requireNonNull(target.getParent(), "a file stands in a folder");
        Files.createDirectories(folder);
        // A temporary file is readable by its owner only, and a link to it is never made over another file.
        var whole = Files.createTempFile(folder, "settings", ".new");
        try {
            Files.writeString(whole, """
                    # Made by mint-settings. Who reads this file may do everything; who loses it loses what the keys sealed.
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
