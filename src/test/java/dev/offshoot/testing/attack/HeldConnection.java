package dev.offshoot.testing.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/** Writes something at once and something every second, and leaves it at that. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what an attacker writes
public final class HeldConnection extends ChannelInboundHandlerAdapter {
    /** Thousands of connections share it. */
    private static final byte[] SPACES = " ".repeat(1 << 20).getBytes(US_ASCII);

    private static final byte[] NOTHING = {};

    private final ByteBuf first;
    private final byte[] everySecond;
    private final boolean reads;

    private HeldConnection(ByteBuf first, byte[] everySecond, boolean reads) {
        this.first = first;
        this.everySecond = everySecond;
        this.reads = reads;
    }

    /** Asks for something every second, and reads none of it. */
    public static HeldConnection unread(String request) {
        return new HeldConnection(bytes(request), request.getBytes(US_ASCII), false);
    }

    /** Says nothing. */
    public static HeldConnection idle() {
        return new HeldConnection(Unpooled.EMPTY_BUFFER, NOTHING, true);
    }

    /** Sends a head and so many bytes of a body, up to a mebibyte, and no more. */
    public static HeldConnection unfinished(String head, int spaces) {
        var body = Unpooled.wrappedBuffer(SPACES, 0, spaces);
        return new HeldConnection(Unpooled.wrappedBuffer(bytes(head), body), NOTHING, true);
    }

    /** Begins a request, and adds a byte every second. */
    public static HeldConnection dripping(String beginning) {
        return new HeldConnection(bytes(beginning), new byte[] {'a'}, true);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(reads);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(first);
        if (everySecond.length > 0) {
            var each = context.executor().scheduleAtFixedRate(() -> addTo(context), 1, 1, TimeUnit.SECONDS);
            context.channel().closeFuture().addListener(closed -> each.cancel(false));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cut) {
        context.close();
    }

    private void addTo(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            context.writeAndFlush(Unpooled.wrappedBuffer(everySecond));
        }
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(US_ASCII));
    }
}
