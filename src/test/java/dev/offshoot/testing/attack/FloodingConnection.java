package dev.offshoot.testing.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Sends requests that were written before, at an even pace, and counts the answers by their status. It reads nothing else
 * of them, so that a machine which it shares with the service has its cores for that one.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what an attacker writes
public final class FloodingConnection extends SimpleChannelInboundHandler<ByteBuf> {
    private static final int TICK_MILLIS = 50;
    private static final byte[] STATUS_LINE = "HTTP/1.1 ".getBytes(US_ASCII);
    private static final int DIGITS = 3;

    private final Supplier<byte[]> requests;
    private final int perSecond;
    private final ConcurrentMap<Integer, LongAdder> answers;
    private int unanswered;
    private int matched;
    private int status;

    /** @param perSecond how many requests; as many may wait for their answers */
    public FloodingConnection(Supplier<byte[]> requests, int perSecond, ConcurrentMap<Integer, LongAdder> answers) {
        this.requests = requests;
        this.perSecond = perSecond;
        this.answers = answers;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var each = context.executor().scheduleAtFixedRate(() -> send(context), 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> each.cancel(false));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf read) {
        read.forEachByte(each -> {
            see(each);
            return true;
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cut) {
        context.close();
    }

    private void send(ChannelHandlerContext context) {
        var due = Math.min(perSecond * TICK_MILLIS / 1_000, perSecond - unanswered);
        if (due <= 0) {
            return;
        }
        var batch = new byte[due][];
        for (var each = 0; each < due; each++) {
            batch[each] = requests.get();
        }
        unanswered += due;
        context.writeAndFlush(Unpooled.wrappedBuffer(batch));
    }

    /** Finds the beginnings of answers, and the three digits behind each, wherever a read ends. */
    private void see(byte each) {
        if (matched < STATUS_LINE.length) {
            matched = each == STATUS_LINE[matched] ? matched + 1 : each == STATUS_LINE[0] ? 1 : 0;
            status = 0;
            return;
        }
        matched++;
        status = status * 10 + each - '0';
        if (matched == STATUS_LINE.length + DIGITS) {
            matched = 0;
            unanswered--;
            answers.computeIfAbsent(status, any -> new LongAdder()).increment();
        }
    }
}
