package dev.offshoot.api.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The streams of one HTTP/2 connection that are answered and not closed: their clients do not let the answer through (RFC
 * 9113, section 5.2), or send on. It is used on the connection's event loop alone.
 */
final class UnreadStreams extends Http2ConnectionAdapter {
    /** What an open stream takes at least, with its request's head. */
    private static final long LEAST_BYTES = 4096;

    private final ChannelHandlerContext context;
    private final Http2ConnectionHandler http2;
    private final LongConsumer count;
    private final Map<Integer, Answer> answers = new HashMap<>();

    /**
     * @param context the connection's handler of HTTP/2
     * @param count receives how many unread bytes there are more, or fewer
     */
    UnreadStreams(ChannelHandlerContext context, LongConsumer count) {
        this.context = context;
        this.http2 = (Http2ConnectionHandler) context.handler();
        this.count = count;
        http2.connection().addListener(this);
    }

    private record Answer(long held, long sinceNanos) {}

    /** How many streams there are, in whichever state. */
    int active() {
        return http2.connection().numActiveStreams();
    }

    boolean isEmpty() {
        return answers.isEmpty();
    }

    /** The answer on a stream was handed over. */
    void answered(int streamId, long bytes) {
        var stream = http2.connection().stream(streamId);
        if (stream != null) {
            var held = Math.max(bytes, LEAST_BYTES);
            answers.put(streamId, new Answer(held, System.nanoTime()));
            count.accept(held);
        }
    }

    /** Resets the streams that were answered before that moment of the monotonic clock. */
    void resetOlderThan(long nanos) {
        var late = answers.entrySet().stream()
                .filter(entry -> entry.getValue().sinceNanos() - nanos < 0)
                .map(Map.Entry::getKey)
                .toList();
        late.forEach(this::reset);
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        var answer = answers.remove(stream.id());
        if (answer != null) {
            count.accept(-answer.held());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // where the frame can't be written, the connection ends
    private void reset(int streamId) {
        http2.resetStream(context, streamId, Http2Error.CANCEL.code(), context.newPromise());
        context.flush();
    }
}
