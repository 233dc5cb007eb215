package dev.offshoot.runtime;

import java.util.stream.Stream;

/** Looks at some of the settings, and at nothing else: neither at the database nor at the network. */
interface SettingCheck {
    Stream<Unsafe> unsafe();
}
