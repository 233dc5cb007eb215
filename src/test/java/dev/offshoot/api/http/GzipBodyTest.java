package dev.offshoot.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is unpacked of a body, however it arrives, and what is kept of it. */
class GzipBodyTest {
    private static final int LIMIT = 100_000;

    @Property(tries = 200)
    void contentIsTheSameHoweverItArrives(
            @ForAll @Size(max = 5000) byte[] content, @ForAll @IntRange(min = 1, max = 700) int step) {
        try (var body = new GzipBody(LIMIT)) {
            arrive(body, pack(content), step);

            assertThat(body.isWhole()).isTrue();
            assertThat(body.content().getBytes()).isEqualTo(content);
        }
    }

    @Property(tries = 200)
    void whatIsCutIsNotWhole(@ForAll @Size(max = 500) byte[] content, @ForAll @IntRange(min = 1, max = 700) int cut) {
        var packed = pack(content);
        try (var body = new GzipBody(LIMIT)) {
            arrive(body, Arrays.copyOf(packed, Math.max(0, packed.length - cut)), 7);

            assertThat(body.isWhole()).isFalse();
        }
    }

    @Property(tries = 300)
    void whatIsChangedIsNotWholeOrTheSame(
            @ForAll @Size(max = 300) byte[] content, @ForAll @IntRange(min = 0, max = 400) int at) {
        var packed = pack(content);
        packed[at % packed.length] ^= 0x11;
        try (var body = new GzipBody(LIMIT)) {
            arrive(body, packed, 50);

            // Some bytes of the header say nothing of the content.
            assertThat(!body.isWhole() || Arrays.equals(body.content().getBytes(), content))
                    .isTrue();
        }
    }

    @Test
    void membersFollowOneAnother() {
        try (var body = new GzipBody(LIMIT)) {
            arrive(body, pack("one ".getBytes(UTF_8)), 3);
            arrive(body, pack("two".getBytes(UTF_8)), 3);

            assertThat(body.isWhole()).isTrue();
            assertThat(body.content().toString()).isEqualTo("one two");
        }
    }

    @Test
    void optionalPartsOfTheHeaderArePassedOver() throws IOException {
        var packed = pack("content".getBytes(UTF_8));
        var withAll = new ByteArrayOutputStream();
        withAll.write(packed, 0, 3);
        withAll.write(2 | 4 | 8 | 16);
        withAll.write(packed, 4, 6);
        withAll.write(new byte[] {3, 0, 'a', 'b', 'c'});
        withAll.write("name\0comment\0".getBytes(UTF_8));
        withAll.write(new byte[] {1, 2});
        withAll.write(packed, 10, packed.length - 10);
        for (var step : new int[] {1, 2, 1000}) {
            try (var body = new GzipBody(LIMIT)) {
                arrive(body, withAll.toByteArray(), step);

                assertThat(body.isWhole()).isTrue();
                assertThat(body.content().toString()).isEqualTo("content");
            }
        }
    }

    @Test
    void limitIsOfWhatIsUnpacked() {
        try (var exact = new GzipBody(LIMIT);
                var tooLong = new GzipBody(LIMIT)) {
            arrive(exact, pack(new byte[LIMIT]), 100);
            arrive(tooLong, pack(new byte[LIMIT + 1]), 100);

            assertThat(exact.isTooLong()).isFalse();
            assertThat(exact.isWhole()).isTrue();
            assertThat(tooLong.isTooLong()).isTrue();
        }
    }

    @Test
    void bombIsKeptNoFurtherThanTheLimit() {
        try (var body = new GzipBody(LIMIT)) {
            var packed = pack(new byte[50_000_000]);
            body.add(packed);

            assertThat(body.isTooLong()).isTrue();
            assertThat(body.content().length()).isLessThanOrEqualTo(LIMIT);
        }
    }

    @Test
    void nothingIsNoMember() {
        try (var body = new GzipBody(LIMIT)) {
            assertThat(body.isWhole()).isFalse();
        }
    }

    private static void arrive(GzipBody body, byte[] packed, int step) {
        for (var from = 0; from < packed.length; from += step) {
            body.add(Arrays.copyOfRange(packed, from, Math.min(packed.length, from + step)));
        }
    }

    static byte[] pack(byte[] content) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }
}
