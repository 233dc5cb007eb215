package dev.offshoot.testing.attack;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends whole requests over one connection, reads the answers, and counts them by their status. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what an attacker writes
public final class AskingConnection extends ChannelInitializer<SocketChannel> {
    private static final int LONGEST_ANSWER = 16 << 20;
    private static final int TICK_MILLIS = 50;

    private final Supplier<@Nullable FullHttpRequest> requests;
    private final int perTick;
    private final ConcurrentMap<Integer, LongAdder> answers;

    private AskingConnection(
            Supplier<@Nullable FullHttpRequest> requests, int perTick, ConcurrentMap<Integer, LongAdder> answers) {
        this.requests = requests;
        this.perTick = perTick;
        this.answers = answers;
    }

    /**
     * Asks again as soon as it is answered.
     *
     * @param requests gives null when there is nothing more to ask
     */
    public static AskingConnection closedLoop(
            Supplier<@Nullable FullHttpRequest> requests, ConcurrentMap<Integer, LongAdder> answers) {
        return new AskingConnection(requests, 0, answers);
    }

    /** Asks so often a second, for as long as the answers keep up. */
    public static AskingConnection paced(
            Supplier<@Nullable FullHttpRequest> requests, int perSecond, ConcurrentMap<Integer, LongAdder> answers) {
        return new AskingConnection(requests, Math.max(1, perSecond * TICK_MILLIS / 1_000), answers);
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(LONGEST_ANSWER), new Conversation());
    }

    private final class Conversation extends SimpleChannelInboundHandler<FullHttpResponse> {
        private int unanswered;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (perTick == 0) {
                ask(context, 1);
                return;
            }
            var each = context.executor()
                    .scheduleAtFixedRate(() -> keepUp(context), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
            context.channel().closeFuture().addListener(closed -> each.cancel(false));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            answers.computeIfAbsent(answer.status().code(), status -> new LongAdder())
                    .increment();
            unanswered--;
            if (perTick == 0) {
                ask(context, 1);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cut) {
            context.close();
        }

        private void keepUp(ChannelHandlerContext context) {
            ask(context, Math.min(perTick, 2 * perTick - unanswered));
        }

        private void ask(ChannelHandlerContext context, int times) {
            for (var each = 0; each < times; each++) {
                var request = requests.get();
                if (request != null) {
                    unanswered++;
                    context.write(request);
                }
            }
            context.flush();
        }
    }
}
