package dev.offshoot.runtime.checks;

import static java.util.function.Predicate.not;

import dev.offshoot.settings.Settings;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Names every unsafe setting with its consequence and its remedy, all at once and before the database is touched, and
 * refuses the start when one of them is severe.
 */
@Singleton
public class StartupChecks {
    private static final Logger LOG = Logger.getLogger(StartupChecks.class);

    private final List<SettingCheck> checks;
    private final Settings config;

    StartupChecks(@All List<SettingCheck> checks, Settings config) {
        this.checks = checks;
        this.config = config;
    }

    void run(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        var found = checks.stream().flatMap(SettingCheck::unsafe).toList();
        found.stream()
                .filter(not(this::stops))
                .forEach(unsafe -> LOG.warnf("This setting is unsafe: %s", unsafe.text()));
        var stopping = found.stream().filter(this::stops).map(Unsafe::text).toList();
        if (!stopping.isEmpty()) {
            throw new StartRefused(sentence(stopping));
        }
    }

    /** What a start that is refused ends with. */
    public static String sentence(List<String> reasons) {
        return reasons.stream().collect(Collectors.joining("\n- ", "Offshoot does not start:\n- ", ""));
    }

    private boolean stops(Unsafe unsafe) {
        return unsafe.stops(config.demo());
    }
}
