package dev.offshoot.deployment;

import dev.offshoot.settings.Settings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings that there are, by their names in the environment. */
final class KnownSettings {
    /** Those of the framework that the deployments use. */
    private static final Set<String> OF_THE_FRAMEWORK = Set.of(
            "QUARKUS_MONGODB_CONNECTION_STRING",
            "QUARKUS_MONGODB_DATABASE",
            "QUARKUS_SHUTDOWN_DELAY",
            "SMALLRYE_CONFIG_LOCATIONS");

    private KnownSettings() {}

    static Set<String> known() {
        return Stream.concat(ours("OFFSHOOT", Settings.class), OF_THE_FRAMEWORK.stream())
                .collect(Collectors.toSet());
    }

    private static Stream<String> ours(String prefix, Class<?> group) {
        return Arrays.stream(group.getDeclaredMethods()).flatMap(setting -> {
            var name = prefix + "_"
                    + setting.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
            var type = setting.getReturnType();
            var isGroup = type.isInterface() && Settings.class.equals(type.getEnclosingClass());
            return isGroup ? ours(name, type) : Stream.of(name);
        });
    }
}
