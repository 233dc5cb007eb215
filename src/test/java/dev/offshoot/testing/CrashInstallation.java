package dev.offshoot.testing;

import java.util.HashMap;
import java.util.Map;

/**
 * As {@link ProxiedInstallation}, and a command whose connection was cut soon gives up finding a server. It would wait for
 * most of its two seconds, at every other crash point, until the point is over and the proxy is healed.
 */
public final class CrashInstallation extends ProxiedInstallation {
    @Override
    public Map<String, String> start() {
        var settings = new HashMap<>(super.start());
        settings.put(QuickHeartbeat.SELECTION_MILLIS, "100");
        return settings;
    }
}
