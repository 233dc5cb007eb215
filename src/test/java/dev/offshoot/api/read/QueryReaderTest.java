package dev.offshoot.api.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.offshoot.failure.Failure;
import dev.offshoot.failure.FailureException;
import dev.offshoot.failure.Violation;
import dev.offshoot.testing.Queries;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of the reader of queries, without HTTP. */
class QueryReaderTest {
    private static final int OTHERWISE = 50;

    @ParameterizedTest
    @CsvSource({"count=1, 1", "count=100, 100", "count=10, 10", "'', 50", "Count=0, 50", "other=0, 50"})
    void integerIsReadOrItsDefaultTaken(String query, int expected) {
        var reader = reader(query);

        assertThat(reader.integer("count", 1, 100, OTHERWISE)).isEqualTo(expected);
        reader.check();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01",
                "001",
                "00",
                "+1",
                "-1",
                "-0",
                "1.0",
                "1e1",
                "0x1",
                "1_0",
                " 1",
                "1 ",
                "1\u0000",
                "١",
                "one",
                "null",
                "{}",
                "99999999999999999999"
            })
    void whatIsNoDecimalIsNoInteger(String value) {
        var reader = reader("count=" + value);

        reader.integer("count", 1, 100, OTHERWISE);

        assertThat(violations(reader)).containsExactly(Violation.of("count", "must be an integer"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 100",
        "101, 1, 100",
        "4294967297, 1, 100",
        "2147483648, 0, 2147483647",
        "9999999999, 0, 2147483647"
    })
    void integerOutsideOfItsBoundsIsNamedWithThem(String value, int least, int most) {
        var reader = reader("count=" + value);

        reader.integer("count", least, most, OTHERWISE);

        assertThat(violations(reader))
                .containsExactly(Violation.of("count", "must be between " + least + " and " + most));
    }

    @Test
    void integerMayBeEitherBound() {
        assertThat(reader("count=0").integer("count", 0, Integer.MAX_VALUE, OTHERWISE))
                .isZero();
        assertThat(reader("count=2147483647").integer("count", 0, Integer.MAX_VALUE, OTHERWISE))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"flag=true, false, true", "flag=false, true, false", "'', true, true", "'', false, false"})
    void flagIsReadOrItsDefaultTaken(String query, boolean otherwise, boolean expected) {
        assertThat(reader(query).flag("flag", otherwise)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "TRUE", "1", "0", "yes", "on", "truetrue", " true", "null"})
    void flagIsExactlyTrueOrFalse(String value) {
        var reader = reader("flag=" + value);

        reader.flag("flag");

        assertThat(violations(reader)).containsExactly(Violation.of("flag", "must be true or false"));
    }

    @Test
    void choiceIsOneOfItsWords() {
        assertThat(choice(reader("scope=self"))).contains(1);
        assertThat(choice(reader(""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Self", "SUBTREE", "self,subtree", " self", "self\u0000", "null", "{}"})
    void whatIsNoneOfItsWordsIsNoChoice(String value) {
        var reader = reader("scope=" + value);

        choice(reader);

        assertThat(violations(reader)).containsExactly(Violation.of("scope", "must be self or subtree"));
    }

    @ParameterizedTest
    @CsvSource({
        "name, must not be empty",
        "name=, must not be empty",
        "name=1&name=1, must not be given more than once",
        "name=1&name=, must not be given more than once",
        "name=&name=, must not be given more than once",
        "name&name=1, must not be given more than once"
    })
    void emptyOrRepeatedParameterIsAViolationInAnyForm(String query, String rule) {
        var integer = reader(query);
        var flag = reader(query);
        var choice = reader(query);

        integer.integer("name", 1, 1, 1);
        flag.flag("name");
        choice.choice("name", Map.of("1", 1), "must be 1");

        assertThat(List.of(integer, flag, choice))
                .allSatisfy(reader -> assertThat(violations(reader)).containsExactly(Violation.of("name", rule)));
    }

    @Test
    void textMayBeEmptyButNotRepeated() {
        var repeated = reader("name=a&name=b");

        assertThat(reader("name=a%20b").text("name")).contains("a%20b");
        assertThat(reader("name=").text("name")).isEmpty();
        assertThat(reader("").text("name")).isEmpty();
        assertThat(repeated.text("name")).isEmpty();
        assertThat(violations(repeated)).containsExactly(Violation.repeated("name"));
    }

    @Test
    void everyViolationIsNamedAtOnceInTheOrderOfReading() {
        var reader = reader("count=0&flag=x&scope=");

        reader.integer("count", 1, 100, OTHERWISE);
        reader.flag("flag");
        choice(reader);
        reader.refuse(Violation.required("month"));

        assertThat(violations(reader)).extracting(Violation::field).containsExactly("count", "flag", "scope", "month");
    }

    @Test
    void unknownParametersAreNotLookedAt() {
        var reader = reader("unknown=1&unknown=2&x&count[$gt]=0&$where=1&&");

        assertThat(reader.has("count")).isFalse();
        assertThat(reader.integer("count", 1, 100, OTHERWISE)).isEqualTo(OTHERWISE);
        reader.check();
    }

    private static QueryReader reader(String query) {
        return QueryReader.of(Queries.of(query));
    }

    private static Optional<Integer> choice(QueryReader reader) {
        return reader.choice("scope", Map.of("self", 1, "subtree", 2), "must be self or subtree");
    }

    private static List<Violation> violations(QueryReader reader) {
        var failure = catchThrowableOfType(FailureException.class, reader::check);
        assertThat(failure).isNotNull();
        assertThat(failure.failure()).isInstanceOf(Failure.Invalid.class);
        var invalid = (Failure.Invalid) failure.failure();
        assertThat(invalid.source()).isEqualTo(Failure.Source.QUERY);
        return invalid.violations();
    }
}
