package dev.offshoot.api.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.offshoot.value.Patch;
import jakarta.validation.constraints.Size;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That no list may have more entries than the reader reads: it would take what it has not seen. */
class RequestListsTest {
    @Test
    void everyListOfARequestIsBounded() {
        var lists = new ClassFileImporter(Set.of(new ImportOption.DoNotIncludeTests()))
                .importPackages("dev.offshoot.api").stream()
                        .filter(type -> type.isRecord() && type.getFullName().contains("Request"))
                        .flatMap(type -> Arrays.stream(type.reflect().getRecordComponents()))
                        .map(RecordComponent::getAnnotatedType)
                        .map(type -> type instanceof AnnotatedParameterizedType patch && isOf(type, Patch.class)
                                ? patch.getAnnotatedActualTypeArguments()[0]
                                : type)
                        .filter(type -> isOf(type, List.class))
                        .toList();

        assertThat(lists).hasSizeGreaterThan(5).allSatisfy(type -> assertThat(type.getAnnotation(Size.class))
                .as("%s", type)
                .isNotNull()
                .satisfies(size -> assertThat(size.max()).isLessThan(StrictTypes.MOST_ENTRIES)));
    }

    private static boolean isOf(AnnotatedType type, Class<?> raw) {
        return type.getType() instanceof ParameterizedType parameterized && parameterized.getRawType() == raw;
    }
}
