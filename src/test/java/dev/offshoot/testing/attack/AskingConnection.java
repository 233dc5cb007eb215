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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks over one connection again as soon as it is answered, and counts the answers by their status. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what an attacker writes
public final class AskingConnection extends ChannelInitializer<SocketChannel> {
    private static final int LONGEST_ANSWER = 16 << 20;

    private final Supplier<@Nullable FullHttpRequest> requests;
    private final ConcurrentMap<Integer, LongAdder> answers;

    private AskingConnection(Supplier<@Nullable FullHttpRequest> requests, ConcurrentMap<Integer, LongAdder> answers) {
        this.requests = requests;
        this.answers = answers;
    }

    /** @param requests gives null when there is nothing more to ask */
    public static AskingConnection closedLoop(
            Supplier<@Nullable FullHttpRequest> requests, ConcurrentMap<Integer, LongAdder> answers) {
        return new AskingConnection(requests, answers);
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(LONGEST_ANSWER), new Conversation());
    }

    private final class Conversation extends SimpleChannelInboundHandler<FullHttpResponse> {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            ask(context);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            answers.computeIfAbsent(answer.status().code(), status -> new LongAdder())
                    .increment();
            ask(context);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cut) {
            context.close();
        }

        private void ask(ChannelHandlerContext context) {
            var request = requests.get();
            if (request != null) {
                context.writeAndFlush(request);
            }
        }
    }
}
