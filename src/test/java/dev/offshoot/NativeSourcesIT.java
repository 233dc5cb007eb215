package dev.offshoot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.settings.Settings;
import dev.offshoot.telemetry.TracingVariables;
import dev.offshoot.testing.Http;
import dev.offshoot.testing.ImageHeap;
import dev.offshoot.testing.ImageServices;
import dev.offshoot.testing.Installation;
import dev.offshoot.testing.Packaged;
import dev.offshoot.testing.ServiceProcess;
import dev.offshoot.testing.TestDatabase;
import dev.offshoot.value.Patch;
import io.quarkus.mongodb.panache.common.MongoEntity;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.codecs.configuration.CodecProvider;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a native image is made of, which can be looked at without the tool that makes it: everything that is found by its
 * name while the service runs is registered, and nothing that each process has to make for itself becomes part of the
 * image.
 */
@EnabledIf(
        value = "dev.offshoot.testing.Packaged#isNativeSources",
        disabledReason = "only of ./mvnw verify -Dnative -Dquarkus.native.sources-only=true")
class NativeSourcesIT {
    private static final String CONFIGURATION = "META-INF/native-image/";
    private static final String SENDER_OF_SPANS =
            "META-INF/services/io.opentelemetry.exporter.internal.http.HttpSenderProvider";
    private static final Set<String> APIS = Set.of(
            "dev.offshoot.api.partner",
            "dev.offshoot.api.cloudmanager",
            "dev.offshoot.api.monoid",
            "dev.offshoot.api.edge");

    /** Records of the APIs that never are JSON: queries and headers, which are read by hand. */
    private static final Set<String> NEVER_JSON = Set.of(
            "dev.offshoot.api.cloudmanager.DigestCredentials",
            "dev.offshoot.api.cloudmanager.ResponseFormat",
            "dev.offshoot.api.cloudmanager.PageRequest",
            "dev.offshoot.api.partner.UsageRequest");

    /**
     * The beans that the framework makes when an image is built. They hold nothing but proxies of the others and the
     * clock, which has no state.
     */
    private static final Set<String> BUILT_IN = Set.of(
            "dev.offshoot.api.read.ConstraintClock",
            "dev.offshoot.api.read.PatchValueExtractor",
            "dev.offshoot.api.http.BodyFilter",
            "dev.offshoot.api.http.QueryFilter",
            "dev.offshoot.api.http.HeadAnswer",
            "dev.offshoot.api.http.AuthenticationFilter");

    /** What tells the time. */
    private static final Set<String> CLOCKS = Set.of(
            "java.time.Clock.instant",
            "java.time.Clock.millis",
            "java.time.Instant.now",
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis");

    private static final Pattern CAFFEINE =
            Pattern.compile("com\\.github\\.benmanes\\.caffeine\\.cache\\.([A-Z]+)(?![\\w$])");
    private static final Pattern AT_THE_START =
            Pattern.compile("--initialize-at-run-time=(?:\\\\?\\s)*([\\w.$,\\\\\\s]+)");

    private static final JavaClasses CLASSES =
            new ClassFileImporter(Set.of(new ImportOption.DoNotIncludeTests())).importPackages("dev.offshoot");

    private static JarFile jar;
    private static Map<String, JsonNode> registered;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() throws IOException {
        jar = new JarFile(Packaged.nativeSources().toFile());
        registered = new HashMap<>();
        Http.json(read(jar, CONFIGURATION + "reflect-config.json"))
                .forEach(entry -> registered.put(entry.get("name").textValue(), entry));
    }

    @Test
    void everyStoredRecordIsRegisteredForReflection() {
        var entities = CLASSES.stream().filter(type -> type.isAnnotatedWith(MongoEntity.class));
        var projections = CLASSES.stream()
                .filter(type -> type.isAssignableTo(ScopedRepository.class))
                .flatMap(type -> type.getReferencedClassObjects().stream())
                .map(ReferencedClassObject::getRawType)
                .filter(JavaClass::isRecord);

        assertRegistered(Stream.concat(entities, projections), 20);
    }

    @Test
    void everyWireRecordIsRegisteredForReflection() {
        var wire = CLASSES.stream()
                .filter(type -> type.isRecord() && APIS.contains(type.getPackageName()))
                .filter(type -> !NEVER_JSON.contains(type.getName()));

        assertRegistered(wire, 30, NativeSourcesIT::isReadByItsOwnCode);
    }

    @Test
    void everyCodecIsRegisteredForReflection() {
        var codecs = CLASSES.stream()
                .filter(type -> type.isAssignableTo(CodecProvider.class))
                .map(JavaClass::getName);

        assertThat(codecs).hasSizeGreaterThan(1).allSatisfy(name -> assertThat(registered)
                .containsKey(name));
    }

    @Test
    void everyGroupOfSettingsIsRegisteredForReflection() {
        var groups = Stream.concat(Stream.of(Settings.class), Arrays.stream(Settings.class.getDeclaredClasses()))
                .filter(Class::isInterface);

        assertThat(groups.map(group -> group.getName() + "$$CMImpl"))
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(registered).containsKey(name));
    }

    /** The cache picks one of its generated classes by a name that it makes of the cache's settings. */
    @Test
    void everyCacheInUseIsRegisteredForReflection() throws Exception {
        try (var service = ServiceProcess.startReplica(folder, TestDatabase.uri())) {
            service.client(Installation.rootKey()).createPartner("Partner");
            var used = names(CAFFEINE, service.classesInUse(folder));

            assertThat(used).contains("SSMSW", "PSWMS");
            assertThat(registeredCaches()).containsAll(used);
        }
    }

    @Test
    void documentsAreIncluded() {
        var included = read(jar, CONFIGURATION + "resource-config.json");

        assertThat(Stream.of("", "-cloud-manager", "-monoid", "-edge")).allSatisfy(api -> assertThat(included)
                .contains("META-INF/quarkus-generated-openapi-doc" + api + ".JSON"));
        assertThat(Stream.of("index.html", "swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js")
                        .map(file -> "swagger-ui/" + file))
                .allMatch(NativeSourcesIT::isIncluded)
                .allMatch(file -> jar.getEntry(file) != null);
    }

    @Test
    void senderOfSpansIsFound() throws IOException {
        try (var file = NativeSourcesIT.class.getClassLoader().getResourceAsStream(SENDER_OF_SPANS)) {
            var provider = new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();

            assertThat(isIncluded(SENDER_OF_SPANS)).isTrue();
            assertThat(registered).containsKey(provider);
            assertThat(registered.get(provider).path("allDeclaredConstructors").booleanValue())
                    .isTrue();
        }
    }

    /** OpenTelemetry's autoconfiguration looks up nothing else, and gRPC, which is not there, is not asked for. */
    @Test
    void tracesAreSetUpByTheServicesOfAnImage() throws Exception {
        try (var image = new ImageServices(Packaged.nativeSources(), NativeSourcesIT::isIncluded)) {
            assertThat(canSetUpTraces(image)).isTrue();
            assertThat(image.missed()).isEmpty();
            assertThat(image.classes())
                    .contains("io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk")
                    .noneMatch(name -> name.startsWith("io.grpc.") || name.contains("OtlpGrpc"));
        }
        assertThat(registered.keySet()).noneMatch(name -> name.startsWith("io.opentelemetry.exporter.otlp."));
    }

    /** The collector's address is read as a URL, of which an image knows only the protocols that it is built with. */
    @Test
    void addressOfACollectorCanBeRead() throws IOException {
        assertThat(Files.readString(Packaged.nativeSources().resolveSibling("native-image.args")))
                .contains("--enable-url-protocols=http,https");
    }

    /** An image that is built for newer processors ends at once on others. */
    @Test
    void imageRunsOnEveryProcessorOfItsKind() throws IOException {
        assertThat(Files.readString(Packaged.nativeSources().resolveSibling("native-image.args")))
                .contains("-march=compatibility");
    }

    @Test
    void withoutTheSenderTracesCannotBeSetUp() throws Exception {
        try (var image = new ImageServices(Packaged.nativeSources(), name -> false)) {
            assertThat(canSetUpTraces(image)).isFalse();
            assertThat(image.missed()).containsExactly(SENDER_OF_SPANS);
        }
    }

    /** An image has no file to read them from. */
    @Test
    void settingsOfTheBuildAreCompiledIn() throws IOException {
        var settings = new Properties();
        settings.load(new StringReader(read(jar, "META-INF/microprofile-config.properties")));
        var compiled = read(jar, "io/quarkus/runtime/generated/RunTimeConfigCustomizer.class");

        assertThat(settings).isNotEmpty().allSatisfy((name, value) -> assertThat(compiled)
                .contains((String) name, (String) value));
    }

    @Test
    void demoStoreIsLeftOut() {
        var ours = jar.stream().map(Object::toString).filter(name -> name.startsWith("dev/offshoot/"));

        assertThat(ours).contains("dev/offshoot/runtime/database/DatabaseClient_Bean.class");
        assertThat(jar.getEntry("dev/offshoot/runtime/demo/DemoStore_Bean.class"))
                .isNull();
        assertThat(registered.keySet())
                .noneMatch(name -> name.equals("dev.offshoot.runtime.demo.DemoStore")
                        || name.startsWith("de.bwaldvogel.")
                        || name.startsWith("org.h2."));
    }

    @Test
    void whatEachProcessHasToMakeForItselfIsNoPartOfTheImage() throws Exception {
        var atTheStart = classesLeftToTheStart();
        assertThat(atTheStart).contains(ObjectId.class.getName());

        var heap = ImageHeap.of(Packaged.nativeSources(), atTheStart, folder);

        assertThat(heap.initialised())
                .as("initialised by the build, and left to the start")
                .isEmpty();
        // But for the JVM's own, which an image makes anew.
        assertThat(heap.instancesOf(Random.class))
                .as("randomness that all processes would share")
                .isSubsetOf(ThreadLocalRandom.class.getName());
        assertThat(heap.instancesOf(ObjectId.class)).isEmpty();
        assertThat(heap.instancesOf(ByteQuadsCanonicalizer.class))
                .as("JSON parsers, which have a seed")
                .isEmpty();
        assertThat(heap.types()
                        .filter(type -> Stream.of(Singleton.class, ApplicationScoped.class, RequestScoped.class)
                                .anyMatch(type::isAnnotationPresent))
                        .map(Class::getName)
                        .filter(name -> name.startsWith("dev.offshoot.")))
                .containsExactlyInAnyOrderElementsOf(BUILT_IN);
    }

    /** Beans are made when they are first needed, but for those that are made with the process. */
    @Test
    void noBeansClockStartsWithTheFirstRequest() {
        var timed = CLASSES.stream()
                .filter(type -> type.getConstructors().stream()
                        .flatMap(constructor -> constructor.getMethodCallsFromSelf().stream())
                        .anyMatch(NativeSourcesIT::readsAClock))
                .filter(NativeSourcesIT::isMadeOnce)
                .toList();

        assertThat(timed).extracting(JavaClass::getSimpleName).contains("NonceCounts", "Jobs", "RequestCounter");
        assertThat(timed).allMatch(type -> type.isAnnotatedWith(Startup.class));
    }

    private static boolean readsAClock(JavaMethodCall call) {
        return CLOCKS.contains(call.getTargetOwner().getName() + "." + call.getName());
    }

    /** A bean of the process, or a part of one. */
    private static boolean isMadeOnce(JavaClass type) {
        return Stream.iterate(
                        Optional.of(type), Optional::isPresent, part -> part.flatMap(JavaClass::getEnclosingClass))
                .flatMap(Optional::stream)
                .anyMatch(
                        part -> part.isAnnotatedWith(Singleton.class) || part.isAnnotatedWith(ApplicationScoped.class));
    }

    private static boolean isIncluded(String resource) {
        return Http.json(read(jar, CONFIGURATION + "resource-config.json"))
                .at("/resources/includes")
                .findValuesAsText("pattern")
                .stream()
                .anyMatch(included -> Pattern.matches(included, resource));
    }

    /** Sets them up once, to a collector that is not there. */
    private static boolean canSetUpTraces(ClassLoader image) throws ReflectiveOperationException {
        var type = image.loadClass(TracingVariables.class.getName());
        var of = type.getDeclaredMethod("of", Map.class);
        of.setAccessible(true);
        var variables = of.invoke(null, Map.of("otel.exporter.otlp.endpoint", "http://127.0.0.1:9"));
        return (boolean) type.getMethod("canBeUsed").invoke(variables);
    }

    /** A value that JSON has as a text, or a field that may be absent: none of them is made by reflection. */
    private static boolean isReadByItsOwnCode(JavaClass type) {
        return type.isEquivalentTo(Patch.class)
                || type.getMethods().stream()
                        .anyMatch(method -> method.getName().equals("parse")
                                && method.getModifiers().contains(JavaModifier.STATIC));
    }

    private static void assertRegistered(Stream<JavaClass> roots, int least) {
        assertRegistered(roots, least, type -> false);
    }

    private static void assertRegistered(Stream<JavaClass> roots, int least, Predicate<JavaClass> but) {
        var types = new TreeSet<String>();
        roots.forEach(root -> addWithComponents(root, types));
        CLASSES.stream().filter(but).map(JavaClass::getName).forEach(types::remove);

        assertThat(types).hasSizeGreaterThan(least).allSatisfy(name -> {
            assertThat(registered).containsKey(name);
            assertThat(List.of("allDeclaredConstructors", "allDeclaredMethods", "allDeclaredFields"))
                    .allMatch(all -> registered.get(name).path(all).booleanValue());
        });
    }

    /** The type and, of a record, those of ours that it is made of. */
    private static void addWithComponents(JavaClass type, Set<String> known) {
        if ((type.isRecord() || type.isEnum()) && known.add(type.getName())) {
            type.getFields().stream()
                    .filter(field -> type.isRecord())
                    .flatMap(field -> field.getType().getAllInvolvedRawTypes().stream())
                    .filter(part -> part.getPackageName().startsWith("dev.offshoot"))
                    .forEach(part -> addWithComponents(part, known));
        }
    }

    /** Those that the extension registers when the image is built, by a class that names them, and those that we do. */
    private static Set<String> registeredCaches() throws IOException {
        var feature = "io/quarkus/caffeine/runtime/graal/CacheConstructorsFeature.class";
        try (var file = NativeSourcesIT.class.getClassLoader().getResourceAsStream(feature)) {
            var names = names(CAFFEINE, new String(file.readAllBytes(), StandardCharsets.ISO_8859_1));
            names.addAll(names(CAFFEINE, String.join("\n", registered.keySet())));
            return names;
        }
    }

    /** By our settings, and by what the libraries say of themselves. */
    private static Set<String> classesLeftToTheStart() throws IOException {
        var folder = Packaged.nativeSources().getParent();
        var said = new StringBuilder(Files.readString(folder.resolve("native-image.args")));
        try (var libraries = Files.list(folder.resolve("lib"))) {
            libraries.forEach(library -> said.append('\n').append(propertiesOf(library)));
        }
        return AT_THE_START
                .matcher(said)
                .results()
                .flatMap(found -> Arrays.stream(found.group(1).split("[,\\\\\\s]+")))
                .filter(NativeSourcesIT::isClass)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String propertiesOf(Path library) {
        try (var file = new JarFile(library.toFile())) {
            return file.stream()
                    .filter(entry -> entry.getName().matches(CONFIGURATION + ".*native-image\\.properties"))
                    .map(entry -> read(file, entry.getName()))
                    .collect(Collectors.joining("\n"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whole packages may be named too. */
    private static boolean isClass(String name) {
        return NativeSourcesIT.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(JarFile file, String name) {
        try (var entry = file.getInputStream(file.getEntry(name))) {
            return new String(entry.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
