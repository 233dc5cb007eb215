package dev.offshoot.api.connection;

import dev.offshoot.api.connection.ConnectionPool.Reason;
import dev.offshoot.value.ClientNetwork;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client: whether requests are under way on it, since when none is, and how much of its answers has not
 * been read. It is the first handler of its channel, so that it sees bytes as the network carries them.
 */
public final class Connection extends ChannelDuplexHandler {
    private static final AttributeKey<Connection> KEY = AttributeKey.valueOf(Connection.class.getName());

    private final ConnectionPool pool;
    private final Channel channel;
    private final Optional<ClientNetwork> network;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile long quietSinceNanos = System.nanoTime();
    private volatile boolean hasServed;
    private long unread;
    private boolean isForgotten;

    // The rest is used on the channel's event loop alone.
    private long unreadInChannel;
    private long written;
    private long writtenAtMark;
    private long markedAtNanos = System.nanoTime();
    private boolean isClosing;
    private @Nullable UnreadStreams streams;

    /** @param network what a limit for each address counts it by; nothing for those that no such limit holds for */
    Connection(ConnectionPool pool, Channel channel, Optional<ClientNetwork> network) {
        this.pool = pool;
        this.channel = channel;
        this.network = network;
        channel.attr(KEY).set(this);
    }

    /** The connection of a channel, if it is bounded. */
    public static Optional<Connection> of(Channel channel) {
        return Optional.ofNullable(channel.attr(KEY).get());
    }

    /**
     * A request begins: its head is there. A client of HTTP/2 that has more streams than it may have has passed over the
     * settings that say so, and is cut off (RFC 9113, section 5.1.2).
     */
    public void begin() {
        underWay.incrementAndGet();
        if (streams == null) {
            var http2 = channel.pipeline().context(Http2ConnectionHandler.class);
            streams = http2 == null ? null : new UnreadStreams(http2, this::addUnread);
        }
        if (streams != null && streams.active() > pool.limits().maxStreams()) {
            cut(Reason.TOO_MANY_STREAMS);
        }
    }

    /**
     * A request ends: its answer was handed over to the network, or its client has gone.
     *
     * @param streamId which request it was, in HTTP/2
     * @param bytes the length of the answer
     */
    public void end(int streamId, long bytes) {
        quietSinceNanos = System.nanoTime();
        hasServed = true;
        underWay.decrementAndGet();
        var http2 = streams;
        if (http2 != null) {
            channel.eventLoop().execute(() -> http2.answered(streamId, bytes));
        }
    }

    Optional<ClientNetwork> network() {
        return network;
    }

    /** Whether it can be closed without harm to a request. */
    boolean isQuiet() {
        return underWay.get() == 0;
    }

    boolean hasServed() {
        return hasServed;
    }

    /** How many bytes of answers wait here to be read by the client. */
    synchronized long unread() {
        return unread;
    }

    long quietSinceNanos() {
        return quietSinceNanos;
    }

    /** Closes it at once. What was not read is given up, by the operating system too. */
    void cut(Reason reason) {
        var hasUnread = unread() > 0;
        pool.closing(this, reason);
        if (hasUnread) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.eventLoop().execute(this::close);
    }

    /** Closes it if its time has passed. */
    void check(long nowNanos) {
        channel.eventLoop().execute(() -> checkHere(nowNanos));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (pool.admit(this)) {
            context.fireChannelActive();
        } else {
            close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pool.remove(this);
        countInChannel(0);
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (!pool.limits().requestsAreObserved()) {
            quietSinceNanos = System.nanoTime();
        }
        context.fireChannelRead(read);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is completed
    public void write(ChannelHandlerContext context, Object part, ChannelPromise promise) {
        if (part instanceof ByteBuf bytes) {
            written += bytes.readableBytes();
        }
        context.write(part, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        countChannel();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a channel that can't be closed in order is inactive anyway
    private void checkHere(long nowNanos) {
        countChannel();
        if (isClosing || !channel.isActive()) {
            return;
        }
        var limits = pool.limits();
        if (unreadInChannel == 0 || written - unreadInChannel >= writtenAtMark) {
            writtenAtMark = written;
            markedAtNanos = nowNanos;
        }
        if (streams != null) {
            streams.resetOlderThan(nowNanos - limits.answerTimeout().toNanos());
        }
        if (nowNanos - markedAtNanos > limits.answerTimeout().toNanos()) {
            cut(Reason.UNREAD);
        } else if (isUseless()
                && nowNanos - quietSinceNanos > limits.idleTimeout().toNanos()) {
            isClosing = true;
            pool.closing(this, Reason.IDLE);
            channel.close();
        }
    }

    /** No handler before this one delays it. */
    private void close() {
        channel.unsafe().close(channel.voidPromise());
    }

    private boolean isUseless() {
        return isQuiet() && unread() == 0 && (streams == null || streams.isEmpty());
    }

    /** What was written and is still here; of what the operating system holds nobody knows here. */
    private void countChannel() {
        var waiting = channel.unsafe().outboundBuffer();
        countInChannel(waiting == null ? 0 : waiting.totalPendingWriteBytes());
    }

    private void countInChannel(long bytes) {
        if (bytes != unreadInChannel) {
            var more = bytes - unreadInChannel;
            unreadInChannel = bytes;
            addUnread(more);
        }
    }

    private void addUnread(long bytes) {
        synchronized (this) {
            if (isForgotten) {
                return;
            }
            unread += bytes;
        }
        pool.addUnread(bytes);
    }

    /** Counts what is unread no longer, because it is being given up. Gives how much that was. */
    synchronized long forgetUnread() {
        isForgotten = true;
        var forgotten = unread;
        unread = 0;
        return forgotten;
    }
}
