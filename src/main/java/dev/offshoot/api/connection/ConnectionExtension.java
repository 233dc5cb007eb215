package dev.offshoot.api.connection;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows the service each connection that the process accepts, before anything is read from it: the HTTP library shows one
 * only with its first request. Netty makes it as a service, if a system property asks for it.
 */
@RegisterForReflection
public final class ConnectionExtension extends ChannelInitializerExtension {
    private static final String ON = "serviceload";

    private static final AtomicReference<@Nullable Consumer<Channel>> ACCEPTED = new AtomicReference<>();

    /** Makes Netty look for extensions. It reads the property when the first port is opened. */
    public static void turnOn() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, ON);
    }

    static boolean isOn() {
        return ON.equals(System.getProperty(EXTENSIONS_SYSTEM_PROPERTY));
    }

    static void onAccepted(Consumer<Channel> accepted) {
        ACCEPTED.set(accepted);
    }

    @Override
    public void postInitializeServerChildChannel(Channel connection) {
        var accepted = ACCEPTED.get();
        if (accepted != null) {
            accepted.accept(connection);
        }
    }
}
