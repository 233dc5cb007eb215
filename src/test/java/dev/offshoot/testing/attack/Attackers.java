package dev.offshoot.testing.attack;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;

/**
 * Many connections from one address, on two threads. A connection that is refused or closed comes back after a second for as
 * long as the attack lasts.
 */
public final class Attackers implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int BACK_AFTER_MILLIS = 1_000;
    /** The system makes it as small as it allows, so that what nobody reads stays with the service. */
    private static final int LITTLE = 1_024;

    private static final int MUCH = 1 << 16;

    private final EventLoopGroup loops = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("attackers", true));
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final LongAdder connected = new LongAdder();
    private final InetSocketAddress from;
    private final int receiveBytes;
    private volatile boolean over;

    private Attackers(String from, int receiveBytes) {
        this.from = new InetSocketAddress(from, 0);
        this.receiveBytes = receiveBytes;
    }

    /** @param from an address of this machine's */
    public Attackers(String from) {
        this(from, LITTLE);
    }

    /** Those to whom answers come as fast as to anybody. */
    public static Attackers whoRead(String from) {
        return new Attackers(from, MUCH);
    }

    /** Whether this process may have so many connections besides what it has else. */
    public static boolean canOpen(int connections) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() > connections;
    }

    /**
     * Keeps so many connections to that server.
     *
     * @param base with the scheme {@code https}, HTTP/2 is agreed upon
     * @param behaviour makes the handler of each connection
     */
    public Attackers connect(String base, int connections, Supplier<? extends ChannelHandler> behaviour) {
        var target = URI.create(base);
        var tls = target.getScheme().equals("https") ? http2() : null;
        var bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.SO_RCVBUF, receiveBytes)
                .option(ChannelOption.SO_LINGER, 0)
                .localAddress(from)
                .remoteAddress(target.getHost(), target.getPort())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(behaviour.get());
                    }
                });
        for (var each = 0; each < connections; each++) {
            connect(bootstrap);
        }
        return this;
    }

    /** How many connections were made so far. */
    public long connected() {
        return connected.sum();
    }

    @Override
    public void close() {
        over = true;
        open.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, CONNECT_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    private void connect(Bootstrap bootstrap) {
        bootstrap.connect().addListener((ChannelFuture attempt) -> {
            if (attempt.isSuccess()) {
                connected.increment();
                open.add(attempt.channel());
            }
            attempt.channel().closeFuture().addListener(closed -> comeBack(bootstrap));
        });
    }

    private void comeBack(Bootstrap bootstrap) {
        if (!over) {
            var unused = loops.schedule(() -> connect(bootstrap), BACK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static SslContext http2() {
        try {
            return SslContextBuilder.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2))
                    .build();
        } catch (SSLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
