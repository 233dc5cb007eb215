package dev.offshoot.testing.attack;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An honest client on a slow line: it opens its window of HTTP/2 at an even pace, and reads all that comes through. */
@SuppressWarnings("FutureReturnValueIgnored") // what was not written is noticed by the answer that does not come
public final class SlowStream extends ByteToMessageDecoder {
    private static final int STREAM = 1;
    private static final int TICKS_PER_SECOND = 10;

    private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader();
    private final DefaultHttp2FrameWriter writer = new DefaultHttp2FrameWriter();
    private final Answer answer = new Answer();
    private final Http2Headers request;
    private final int bytesPerTick;
    private final CompletableFuture<Integer> length;

    /** @param length gets the length of the answer's body once it has been read to its end */
    public SlowStream(Http2Headers request, int bytesPerSecond, CompletableFuture<Integer> length) {
        this.request = request;
        bytesPerTick = bytesPerSecond / TICKS_PER_SECOND;
        this.length = length;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.write(Http2CodecUtil.connectionPrefaceBuf());
        writer.writeSettings(
                context, new Http2Settings().initialWindowSize(bytesPerTick).pushEnabled(false), context.newPromise());
        writer.writeHeaders(context, STREAM, request, 0, true, context.newPromise());
        context.flush();
        var each = context.executor()
                .scheduleAtFixedRate(
                        () -> openWindow(context),
                        1_000 / TICKS_PER_SECOND,
                        1_000 / TICKS_PER_SECOND,
                        TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> each.cancel(false));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Http2Exception {
        reader.readFrame(context, in, answer);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        length.completeExceptionally(new IllegalStateException("cut after " + answer.read));
    }

    private void openWindow(ChannelHandlerContext context) {
        writer.writeWindowUpdate(context, STREAM, bytesPerTick, context.newPromise());
        writer.writeWindowUpdate(context, 0, bytesPerTick, context.newPromise());
        context.flush();
    }

    private final class Answer extends Http2FrameAdapter {
        private int read;

        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean last) {
            read += data.readableBytes();
            if (last) {
                length.complete(read);
            }
            return data.readableBytes() + padding;
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
            writer.writeSettingsAck(context, context.newPromise());
            context.flush();
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int stream, long code) {
            length.completeExceptionally(new IllegalStateException("reset after " + read));
        }
    }
}
