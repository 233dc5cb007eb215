package dev.offshoot.runtime.checks;

import java.util.stream.Stream;

/**
 * Looks at some of the settings, and not at the database. Of the network it asks one thing: the name of a
 * {@code mongodb+srv} connection string is looked up, since the rest of the settings comes from there.
 */
interface SettingCheck {
    Stream<Unsafe> unsafe();
}
