package dev.offshoot.api.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.offshoot.failure.Failure;
import dev.offshoot.failure.Failure.MalformedBody.Reason;
import dev.offshoot.failure.FailureException;
import dev.offshoot.failure.Violation;
import dev.offshoot.value.DisplayName;
import dev.offshoot.value.Patch;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Future;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule of the reader of bodies, without HTTP. */
class RequestReaderTest {
    private static final Instant NOW = Instant.parse("2026-04-01T09:30:00Z");
    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .addValueExtractor(new PatchValueExtractor())
            .clockProvider(() -> Clock.fixed(NOW, ZoneOffset.UTC))
            .buildValidatorFactory()
            .getValidator();

    private final RequestReader snake = new Snake();
    private final RequestReader camel = new Camel();

    private static final class Snake extends RequestReader {
        Snake() {
            super(snakeCase(VALIDATOR));
        }
    }

    private static final class Camel extends RequestReader {
        Camel() {
            super(camelCase(VALIDATOR));
        }
    }

    record Create(
            @NotNull DisplayName theName,
            @Nullable Boolean isPartner,
            @Range(max = 10) @Nullable Long count,
            @Size(min = 1, max = 2) @Nullable List<DisplayName> names,
            @Future @Nullable Instant expiresAt,
            @Nullable List<@Valid Entry> entries) {}

    record Entry(
            @NotNull String id,
            @Nullable Long figure,
            @Nullable DisplayName note) {}

    @AtLeastOneField
    @ReadOnlyFields({"created_at"})
    record Update(
            Patch<@NotNull(message = Patch.NOT_NULL) DisplayName> theName,
            Patch<DisplayName> nickName,
            Patch<@Size(max = 1) List<DisplayName>> names)
            implements PartialUpdate {
        @Override
        public List<Patch<?>> patches() {
            return List.of(theName, nickName, names);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Lenient(@NotNull String theName) {}

    record Many(@Size(min = 1, max = 2) List<@Valid Entry> many) {}

    @Test
    void wholeRequestIsBound() {
        var read = snake.read(
                utf8("{\"the_name\":\" A \",\"is_partner\":true,\"count\":10,\"names\":[\"B\",\"C\"],"
                        + "\"expires_at\":\"2026-04-01T09:30:00.001Z\",\"entries\":[{\"id\":\"1\",\"figure\":-1}]}"),
                Create.class);

        assertThat(read)
                .isEqualTo(new Create(
                        new DisplayName("A"),
                        true,
                        10L,
                        List.of(new DisplayName("B"), new DisplayName("C")),
                        NOW.plusMillis(1),
                        List.of(new Entry("1", -1L, null))));
    }

    @Test
    void nullIsAnAbsentFieldWhereItIsNotPatched() {
        assertThat(snake.read(
                        utf8("{\"the_name\":\"A\",\"count\":null,\"names\":null,\"entries\":null}"), Create.class))
                .isEqualTo(new Create(new DisplayName("A"), null, null, null, null, null));
    }

    /** One line each: a body, and the field and message of its only violation. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | the_name | is required",
                "{'the_name':null} | the_name | is required",
                "{'the_name':5} | the_name | must be a string",
                "{'the_name':{'a':[1]}} | the_name | must be a string",
                "{'the_name':['A']} | the_name | must be a string",
                "{'the_name':true} | the_name | must be a string",
                "{'the_name':'A','is_partner':'true'} | is_partner | must be true or false",
                "{'the_name':'A','is_partner':1} | is_partner | must be true or false",
                "{'the_name':'A','count':'1'} | count | must be an integer",
                "{'the_name':'A','count':''} | count | must be an integer",
                "{'the_name':'A','count':1.5} | count | must be an integer",
                "{'the_name':'A','count':15e-1} | count | must be an integer",
                "{'the_name':'A','count':1e-999999999999} | count | must be an integer",
                "{'the_name':'A','count':1.1e1} | count | must be between 0 and 10",
                "{'the_name':'A','count':-1.0E0} | count | must be between 0 and 10",
                "{'the_name':'A','count':1e19} | count | must be between 0 and 10",
                "{'the_name':'A','count':1e999999999} | count | must be between 0 and 10",
                "{'the_name':'A','count':-1e999999999999999999} | count | must be between 0 and 10",
                "{'the_name':'A','count':true} | count | must be an integer",
                "{'the_name':'A','count':11} | count | must be between 0 and 10",
                "{'the_name':'A','count':-1} | count | must be between 0 and 10",
                "{'the_name':'A','count':9223372036854775808} | count | must be between 0 and 10",
                "{'the_name':'A','count':-99999999999999999999} | count | must be between 0 and 10",
                "{'the_name':'A','names':'B'} | names | must be a list",
                "{'the_name':'A','names':''} | names | must be a list",
                "{'the_name':'A','names':{}} | names | must be a list",
                "{'the_name':'A','names':[]} | names | must have between 1 and 2 entries",
                "{'the_name':'A','names':['B','C','D']} | names | must have between 1 and 2 entries",
                "{'the_name':'A','names':[null]} | names | must be a string",
                "{'the_name':'A','names':[5]} | names | must be a string",
                "{'the_name':'A','expires_at':'2026-04-01T09:30:00Z'} | expires_at | must be in the future",
                "{'the_name':'A','expires_at':1} | expires_at | must be a string",
                "{'the_name':'A','entries':[5]} | entries[0] | must be an object",
                "{'the_name':'A','entries':[null]} | entries[0] | must be an object",
                "{'the_name':'A','entries':['']} | entries[0] | must be an object",
                "{'the_name':'A','entries':[{'id':'1'},{}]} | entries[1].id | is required",
                "{'the_name':'A','entries':[{'id':'1'},{'id':2}]} | entries[1].id | must be a string",
                "{'the_name':'A','entries':[{'other':{},'id':'1'}]} | entries[0].other | is not a field of this call",
                "{'the_name':'A','other':[[]]} | other | is not a field of this call",
                "{'other':1,'the_name':'A'} | other | is not a field of this call",
                "{'the_name':'A','the name':1} | (unprintable) | is not a field of this call",
                "{'the_name':'A','theName':'B'} | theName | is not a field of this call"
            })
    void brokenRuleIsTheOnlyViolation(String body, String field, String message) {
        assertThat(violations(body, Create.class)).containsExactly(violation(field, message));
    }

    @ParameterizedTest
    @CsvSource({
        "5.0, 5",
        "5e0, 5",
        "0.5e1, 5",
        "5000E-3, 5",
        "7.34e+8, 734000000",
        "-0.0, 0",
        "0e999999999999, 0",
        "0.000, 0",
        "100e-1, 10",
        "9.223372036854775807e18, 9223372036854775807",
        "-9223372036854775808.0, -9223372036854775808",
        "9223372036854775808, 9223372036854775807",
        "1e19, 9223372036854775807",
        "-1e400, -9223372036854775808"
    })
    void integerIsOneHoweverItIsWritten(String written, long value) {
        var body = "{\"the_name\":\"A\",\"entries\":[{\"id\":\"1\",\"figure\":" + written + "}]}";

        assertThat(snake.read(utf8(body), Create.class).entries()).containsExactly(new Entry("1", value, null));
    }

    @Test
    void byteOrderMarkIsPassedOverOnce() {
        assertThat(snake.read(utf8("\uFEFF{\"the_name\":\"A\"}"), Create.class).theName())
                .isEqualTo(new DisplayName("A"));
        assertThat(malformed(utf8("\uFEFF"))).isEqualTo(Reason.EMPTY);
        assertThat(malformed(utf8("\uFEFF\uFEFF{}"))).isEqualTo(Reason.NOT_JSON);
    }

    @Test
    void everyViolationIsNamedInTheOrderOfTheRecord() {
        var found = violations(
                "{'other':1,'entries':[{'figure':'x'},{'id':'1','note':''}],'count':99,'is_partner':0}", Create.class);

        assertThat(found.stream().map(Violation::field))
                .containsExactly(
                        "the_name",
                        "is_partner",
                        "count",
                        "entries[0].figure",
                        "entries[0].id",
                        "entries[1].note",
                        "other");
        assertThat(found.get(0).kind()).isEqualTo(Violation.Kind.REQUIRED);
    }

    @Test
    void unknownFieldsAreNamedWhereverTheyAre() {
        var whole = "'the_name':'A','is_partner':true,'count':1,'names':['A'],'expires_at':null,'entries':[]";

        assertThat(violations("{'first':null," + whole + ",'last':{}}", Create.class))
                .containsExactly(
                        violation("first", "is not a field of this call"),
                        violation("last", "is not a field of this call"));
        assertThat(violations(
                        "{'entries':[{'x':1,'id':'1','figure':1,'note':'A','y':[]}],'the_name':'A'}", Create.class))
                .containsExactly(
                        violation("entries[0].x", "is not a field of this call"),
                        violation("entries[0].y", "is not a field of this call"));
    }

    @Test
    void moreThanAHundredViolationsAreCutOff() {
        var entries = String.join(",", Collections.nCopies(101, "{}"));

        assertThat(violations("{'the_name':'A','entries':[" + entries + "]}", Create.class))
                .hasSize(100)
                .last()
                .isEqualTo(violation("entries[99].id", "is required"));
    }

    @Test
    void patchTellsAbsenceFromNull() {
        var read = snake.read(utf8("{\"nick_name\":null,\"names\":[\"B\"]}"), Update.class);

        assertThat(read).isEqualTo(new Update(Patch.none(), Patch.to(null), Patch.to(List.of(new DisplayName("B")))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | body | must have at least one field",
                "{'the_name':null} | the_name | must not be null",
                "{'the_name':1} | the_name | must be a string",
                "{'names':['A','B']} | names | must have between 0 and 1 entries",
                "{'names':5} | names | must be a list",
                "{'created_at':'x'} | created_at | can't be changed",
                "{'other':1} | other | is not a field of this call"
            })
    void brokenRuleOfAPartialUpdateIsTheOnlyViolation(String body, String field, String message) {
        assertThat(violations(body.replace("''", "'"), Update.class)).containsExactly(violation(field, message));
    }

    @Test
    void lenientRequestIgnoresUnknownFieldsOnly() {
        assertThat(camel.read(utf8("{\"other\":{\"a\":[1]},\"theName\":\"A\"}"), Lenient.class))
                .isEqualTo(new Lenient("A"));
        assertThat(invalid(() -> camel.read(utf8("{\"other\":1,\"theName\":2}"), Lenient.class)))
                .containsExactly(violation("theName", "must be a string"));
    }

    @Test
    void listIsBoundAndValidatedUnderItsName() {
        assertThat(camel.readList(utf8("[{\"id\":\"1\"}]"), Entry.class, "many", Many::new))
                .isEqualTo(new Many(List.of(new Entry("1", null, null))));
        assertThat(invalid(() -> camel.readList(utf8("[]"), Entry.class, "many", Many::new)))
                .containsExactly(violation("many", "must have between 1 and 2 entries"));
        assertThat(invalid(() -> camel.readList(utf8("[{\"id\":\"1\"},5]"), Entry.class, "many", Many::new)))
                .containsExactly(violation("many[1]", "must be an object"));
        assertThat(invalid(() -> camel.readList(utf8("[{\"x\":1}]"), Entry.class, "many", Many::new)))
                .containsExactly(
                        violation("many[0].x", "is not a field of this call"), violation("many[0].id", "is required"));
    }

    @Test
    void furtherRulesAreCheckedBesideTheOthers() {
        var found = invalid(() -> snake.read(
                utf8("{\"count\":11}"),
                Create.class,
                request -> List.of(Violation.of("the_name", "is ignored"), Violation.of("names", "are wrong"))));

        assertThat(found.stream().map(Violation::message))
                .containsExactly("is required", "must be between 0 and 10", "are wrong");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | EMPTY",
                "' ' | EMPTY",
                "{ | NOT_JSON",
                "{\"the_name\":\"A\"} x | NOT_JSON",
                "{\"the_name\":\"A\"}{} | NOT_JSON",
                "{\"the_name\":\"A\",} | NOT_JSON",
                "{the_name:\"A\"} | NOT_JSON",
                "[1] x | NOT_JSON",
                "nul | NOT_JSON",
                "{\"the_name\":\"A\",\"the_name\":\"B\"} | DUPLICATE_KEY",
                "{\"other\":{\"a\":1,\"a\":2}} | DUPLICATE_KEY",
                "{\"entries\":[{\"id\":\"a\",\"id\":\"b\"}]} | DUPLICATE_KEY",
                "{\"entries\":[{\"id\":\"a\",}]} | NOT_JSON",
                "null | NOT_AN_OBJECT",
                "[] | NOT_AN_OBJECT",
                "5 | NOT_AN_OBJECT",
                "\"A\" | NOT_AN_OBJECT"
            })
    void bodyThatIsNoJsonObjectIsMalformed(String body, Reason reason) {
        assertThat(malformed(utf8(body))).isEqualTo(reason);
    }

    @Test
    void depthIsBoundedOnBothSides() {
        assertThat(malformed(utf8("{\"other\":" + "[".repeat(32) + "]".repeat(32) + "}")))
                .isEqualTo(Reason.TOO_DEEP);
        assertThat(violations("{'the_name':'A','other':" + "[".repeat(31) + "]".repeat(31) + "}", Create.class))
                .containsExactly(violation("other", "is not a field of this call"));
    }

    /** A number may have a hundred characters. */
    @ParameterizedTest
    @ValueSource(strings = {"{'count':N}", "{'entries':[{'figure':N}]}"})
    void lengthOfANumberIsBoundedOnBothSides(String body) {
        assertThat(malformed(utf8(body.replace('\'', '"').replace("N", "1".repeat(101)))))
                .isEqualTo(Reason.TOO_DEEP);
        assertThat(violations(body.replace("N", "1".repeat(100)), Create.class)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[x]", "[]", "a[99999999999]", "a[-1]", "]a[", "[", "."})
    void bracketsInAnUnknownNameAreNoIndex(String name) {
        assertThat(violations("{'the_name':'A','" + name + "':1,'other':1}", Create.class))
                .contains(violation(name, "is not a field of this call"))
                .hasSize(2);
    }

    /** All of one reader share what it keeps of them. */
    @Test
    void namesThatClientsMakeUpAreNotKept() {
        var before = usedBytes();

        for (var i = 0; i < 1000; i++) {
            violations("{'the_name':'A','" + i + "x".repeat(49_000) + "':1}", Create.class);
        }

        assertThat(usedBytes() - before).isLessThan(10_000_000);
    }

    private static long usedBytes() {
        System.gc();
        var memory = Runtime.getRuntime();
        return memory.totalMemory() - memory.freeMemory();
    }

    @Test
    void objectIsNoList() {
        var failure = catchThrowableOfType(
                FailureException.class, () -> camel.readList(utf8("{}"), Entry.class, "many", Many::new));

        assertThat(failure.failure()).isEqualTo(new Failure.MalformedBody(Reason.NOT_A_LIST));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0xC0, 0xFF})
    void bytesThatAreNoUtf8AreMalformed(int bad) {
        var body = utf8("{\"the_name\":\"A\"}");
        body[14] = (byte) bad;

        assertThat(malformed(body)).isEqualTo(Reason.NOT_JSON);
    }

    private Reason malformed(byte[] body) {
        var failure = catchThrowableOfType(FailureException.class, () -> snake.read(body, Create.class));
        return ((Failure.MalformedBody) failure.failure()).reason();
    }

    @ParameterizedTest
    @CsvSource({"998, true", "999, true", "1000, false", "1001, false", "20000, false"})
    void nothingIsLookedAtBehindAThousandViolations(int wrong, boolean isLookedAt) {
        var entries = String.join(",", Collections.nCopies(wrong, "1"));

        var found = violations("{'entries':[" + entries + "],'is_partner':5}", Create.class);

        assertThat(found).hasSize(100);
        assertThat(found.contains(violation("is_partner", "must be true or false")))
                .isEqualTo(isLookedAt);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 100_000})
    void entriesThatNoCallTakesAreNotLookedAt(int entries) {
        var wrong = "'x',".repeat(entries - 1) + "5";

        var found = violations("{'the_name':'x','names':[" + wrong + "]}", Create.class);

        assertThat(found)
                .containsExactly(
                        entries <= 1001
                                ? violation("names", "must be a string")
                                : violation("names", "must have between 1 and 2 entries"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"]", "x]}", "{]}", "1 2]}"})
    void entriesThatAreNotLookedAtAreJsonAllTheSame(String end) {
        var body = "{'the_name':'x','names':[" + "'x',".repeat(2000) + end;

        assertThat(malformed(utf8(body.replace('\'', '"')))).isEqualTo(Reason.NOT_JSON);
    }

    private List<Violation> violations(String body, Class<?> type) {
        return invalid(() -> snake.read(utf8(body.replace('\'', '"')), type));
    }

    private static List<Violation> invalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        var failure = catchThrowableOfType(FailureException.class, reading);
        assertThat(failure).as("a failure").isNotNull();
        return ((Failure.Invalid) failure.failure()).violations();
    }

    private static Violation violation(String field, String message) {
        return Violation.of(field, message);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
