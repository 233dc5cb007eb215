package dev.offshoot.api.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.offshoot.api.connection.ConnectionPool.Limits;
import dev.offshoot.value.ClientNetwork;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-database")
class ConnectionPoolTest {
    private static final int OF_ONE_ADDRESS = 4 * ConnectionPool.DISPLACEMENTS;
    private static final int ATTEMPTS = 500;
    private static final Duration QUIET = Duration.ofMillis(2100);

    private final ConnectionPool pool = new ConnectionPool(
            new Limits(
                    2 * OF_ONE_ADDRESS,
                    OF_ONE_ADDRESS,
                    100,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    1 << 20,
                    true),
            reason -> {});

    @Test
    void clientThatComesBackInALoopGetsFewConnectionsASecond() {
        IntStream.range(0, OF_ONE_ADDRESS)
                .forEach(n -> assertThat(pool.admit(connection("192.0.2.1"))).isTrue());
        await().pollDelay(QUIET).until(() -> true);

        var began = System.nanoTime();
        var admitted = IntStream.range(0, ATTEMPTS)
                .filter(n -> pool.admit(connection("192.0.2.1")))
                .count();
        var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);

        var most = ConnectionPool.DISPLACEMENTS * (1 + millis / 1000.0) + 1;
        assertThat((double) admitted).isBetween((double) ConnectionPool.DISPLACEMENTS, most);
        assertThat(pool.size()).isEqualTo(OF_ONE_ADDRESS);
        assertThat(pool.admit(connection("192.0.2.2"))).isTrue();
    }

    private Connection connection(String address) {
        try {
            var network = ClientNetwork.of(InetAddress.getByName(address));
            return new Connection(pool, new EmbeddedChannel(), Optional.of(network));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
