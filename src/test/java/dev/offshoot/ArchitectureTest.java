package dev.offshoot;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import dev.offshoot.apikey.KeyRepository;
import dev.offshoot.scope.OrgScope;
import dev.offshoot.scope.ScopedRepository;
import dev.offshoot.telemetry.BackgroundWork;
import dev.offshoot.value.KeyId;
import io.quarkus.mongodb.panache.common.MongoEntity;
import io.quarkus.mongodb.panache.reactive.ReactivePanacheMongoRepositoryBase;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import java.io.ObjectInputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may use what. The rules that keep one partner's data from another's are among them. */
@Tag("any-database")
class ArchitectureTest {
    private static final String BASE = "dev.offshoot.";
    private static final String RUNTIME = BASE + "runtime";

    /** The packages, and which of the others each may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("failure", Set.of()),
            Map.entry("value", Set.of("failure")),
            Map.entry("settings", Set.of()),
            Map.entry("database", Set.of("failure", "telemetry")),
            Map.entry("telemetry", Set.of("settings")),
            Map.entry("scope", Set.of("failure", "value", "database", "telemetry")),
            Map.entry("task", Set.of("failure", "settings", "database", "scope", "telemetry")),
            Map.entry("plan", Set.of("failure", "value")),
            Map.entry("ratelimit", Set.of("failure", "value")),
            Map.entry("digest", Set.of("value", "database", "scope", "task")),
            Map.entry("idempotency", Set.of("failure", "value", "database", "scope", "task", "digest")),
            Map.entry(
                    "organisation",
                    Set.of(
                            "failure",
                            "value",
                            "database",
                            "telemetry",
                            "scope",
                            "task",
                            "idempotency",
                            "plan",
                            "ratelimit")),
            Map.entry(
                    "apikey",
                    Set.of(
                            "failure",
                            "value",
                            "settings",
                            "database",
                            "telemetry",
                            "scope",
                            "task",
                            "idempotency",
                            "ratelimit",
                            "organisation",
                            "digest")),
            Map.entry("invitation", Set.of("failure", "value", "database", "scope", "task", "organisation")),
            Map.entry("member", Set.of("failure", "value", "database", "scope", "task", "organisation", "invitation")),
            Map.entry("usage", Set.of("failure", "value", "database", "telemetry", "scope", "task", "organisation")),
            Map.entry(
                    "provisioning",
                    Set.of(
                            "failure",
                            "value",
                            "database",
                            "telemetry",
                            "scope",
                            "task",
                            "idempotency",
                            "organisation",
                            "apikey",
                            "invitation",
                            "member")),
            Map.entry("verification", Set.of("failure", "ratelimit", "apikey", "usage")),
            Map.entry(
                    "api.http",
                    Set.of(
                            "failure",
                            "value",
                            "settings",
                            "database",
                            "telemetry",
                            "scope",
                            "ratelimit",
                            "idempotency",
                            "apikey",
                            "api.connection",
                            "api.documents",
                            "api.read")),
            Map.entry("api.connection", Set.of("value", "settings")),
            Map.entry("api.documents", Set.of("settings")),
            Map.entry("api.read", Set.of("failure", "value")),
            Map.entry(
                    "api.partner",
                    Set.of(
                            "failure",
                            "value",
                            "scope",
                            "ratelimit",
                            "organisation",
                            "apikey",
                            "usage",
                            "provisioning",
                            "verification",
                            "api.http",
                            "api.read")),
            Map.entry(
                    "api.cloudmanager",
                    Set.of(
                            "failure",
                            "value",
                            "settings",
                            "scope",
                            "organisation",
                            "digest",
                            "apikey",
                            "invitation",
                            "member",
                            "provisioning",
                            "api.http",
                            "api.read")),
            Map.entry(
                    "api.monoid",
                    Set.of(
                            "failure",
                            "value",
                            "scope",
                            "plan",
                            "organisation",
                            "apikey",
                            "member",
                            "provisioning",
                            "api.http",
                            "api.read")),
            Map.entry("api.edge", Set.of("failure", "scope", "ratelimit", "apikey", "verification", "api.http")),
            Map.entry(
                    "runtime.checks",
                    Set.of("failure", "value", "settings", "telemetry", "task", "organisation", "digest", "apikey")),
            Map.entry("runtime.database", Set.of("scope", "runtime.checks")),
            Map.entry(
                    "runtime.cli",
                    Set.of("telemetry", "digest", "apikey", "api.connection", "runtime.checks", "runtime.database")),
            Map.entry(
                    "runtime",
                    Set.of(
                            "failure",
                            "value",
                            "settings",
                            "database",
                            "telemetry",
                            "scope",
                            "organisation",
                            "digest",
                            "apikey",
                            "runtime.checks",
                            "runtime.database",
                            "runtime.cli")),
            Map.entry("runtime.demo", Set.of("settings", "digest", "apikey", "runtime", "runtime.checks")));

    /** What runs without a caller: who uses which method that looks beyond a scope. */
    private static final Set<String> WITHOUT_CALLER = Set.of(
            "ScopedRepository.authenticate <- KeyRepository.identify",
            "KeyRepository.identify <- KeyAuthenticator.lookUp",
            "KeyRepository.identify <- KeyAuthenticator.charged",
            "KeyRepository.identify <- KeyRepository.insertRootKey",
            "ScopedRepository.insertFounding <- OrganisationRepository.insertRoot",
            "ScopedRepository.insertFounding <- KeyRepository.insertRootKey",
            "OrganisationRepository.insertRoot <- RootPartner.establish",
            "KeyRepository.insertRootKey <- RootPartner.add",
            "ScopedRepository.due <- DueRepository.dueTasks",
            "ScopedRepository.pending <- TaskRepository.pendingTasks",
            "ScopedRepository.pending <- UsageRecordRepository.undone",
            "ScopedRepository.pending <- BatchTaskRepository.pendingTasks",
            "BatchTaskRepository.pendingTasks <- BatchTaskRepository.dueBatch",
            "BatchTaskRepository.pendingTasks <- UsageDayRepository.backlog",
            "BatchTaskRepository.pendingTasks <- UsageMonthRepository.backlog",
            "TaskRepository.pendingTasks <- RecordTaskHandler.backlog",
            "UsageRecordRepository.undone <- DayDerivation.backlog",
            "ScopedRepository.findLocated <- BatchTaskRepository.claimed",
            "DueRepository.dueTasks <- DueTaskHandler.runDue",
            "ScopedRepository.walk <- KeyRepository.each",
            "KeyRepository.each <- KeyResealing.round",
            "ScopedRepository.walk <- ClaimRepository.each",
            "ClaimRepository.each <- KeyResealing.round",
            "ScopedRepository.sweep <- DigestUseRepository.runDue",
            "ScopedRepository.sweep <- InvitationRepository.runDue",
            "ScopedRepository.sweep <- ClaimRepository.runDue",
            "ScopedRepository.findAnywhere <- OrganisationRepository.statuses",
            "OrganisationRepository.statuses <- KeyAuthenticator.withCaller",
            "OrganisationRepository.statuses <- RootPartner.establish",
            "OrganisationRepository.statuses <- Confirmation.confirm",
            "OrganisationRepository.statuses <- BatchConfirmation.confirm",
            "BatchTaskRepository.claim <- BatchTaskHandler.claimAndRun",
            "BatchTaskRepository.claimed <- UsageDayRepository.claimed",
            "BatchTaskRepository.postpone <- BatchTaskHandler.failed",
            "ScopedRepository.findAnywhere <- UsageMonthRepository.anyByIds",
            "ScopedRepository.findAnywhere <- UsageMonthRepository.stored",
            "ScopedRepository.updateAnywhere <- BatchTaskRepository.claim",
            "ScopedRepository.updateAnywhere <- BatchTaskRepository.postpone",
            "ScopedRepository.updateAnywhere <- UsageMonthRepository.close",
            "UsageMonthRepository.anyByIds <- MonthDerivation.run",
            "UsageMonthRepository.close <- MonthClosing.run",
            "UsageMonthRepository.stored <- UsageMonthRepository.storeEach",
            "BatchTaskRepository.pendingTasks <- UsageDayRepository.pendingOf",
            "ScopedRepository.updateAnywhere <- TaskRepository.confirmAll",
            "TaskRepository.confirmAll <- BatchConfirmation.confirmTogether");

    private static final Set<String> LOOK_BEYOND_A_SCOPE = Set.of(
            "authenticate",
            "insertFounding",
            "due",
            "pending",
            "walk",
            "sweep",
            "findLocated",
            "findAnywhere",
            "updateAnywhere");

    private static final Set<String> LOOK_UPS = Stream.of(Class.class, ClassLoader.class)
            .flatMap(type -> Arrays.stream(type.getMethods())
                    .map(Method::getName)
                    .filter(name -> name.matches("forName|loadClass|newInstance|getResource.*|get(Declared)?("
                            + "Field|Method|Constructor|RecordComponent)s?"))
                    .map(name -> type.getName() + "." + name))
            .collect(Collectors.toSet());

    private static final JavaClasses CLASSES =
            new ClassFileImporter(Set.of(new ImportOption.DoNotIncludeTests())).importPackages("dev.offshoot");

    private static final DescribedPredicate<JavaClass> RAW =
            DescribedPredicate.describe("are the private class Raw of a scoped repository", ArchitectureTest::isRaw);

    static Stream<String> packages() {
        return MAY_USE.keySet().stream().sorted();
    }

    @Test
    void everyPackageHasItsPlace() {
        var packages = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(BASE.length()))
                .collect(Collectors.toSet());

        assertThat(packages).isEqualTo(MAY_USE.keySet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageUsesOnlyWhatItMay(String name) {
        var others = MAY_USE.keySet().stream()
                .filter(other -> !other.equals(name))
                .filter(other -> !MAY_USE.getOrDefault(name, Set.of()).contains(other))
                .map(other -> BASE + other)
                .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(BASE + name)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycle() {
        slices().matching(BASE + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingDependsOnRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage(RUNTIME + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(RUNTIME + "..")
                .check(CLASSES);
    }

    @Test
    void nothingBelowTheApisKnowsHttp() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        BASE + "failure..",
                        BASE + "scope..",
                        BASE + "task..",
                        BASE + "value..",
                        BASE + "digest..",
                        BASE + "idempotency..",
                        BASE + "verification..",
                        BASE + "plan..",
                        BASE + "organisation..",
                        BASE + "apikey..",
                        BASE + "invitation..",
                        BASE + "member..",
                        BASE + "usage..",
                        BASE + "provisioning..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs..", "org.jboss.resteasy..", "io.vertx..")
                .check(CLASSES);
    }

    @Test
    void rawRepositoriesArePrivateToScopedOnes() {
        classes()
                .that()
                .areAssignableTo(ReactivePanacheMongoRepositoryBase.class)
                .should(ArchCondition.from(RAW))
                .check(CLASSES);
    }

    @Test
    void databaseMappingIsUsedByScopedRepositoriesOnly() {
        noClasses()
                .that(not(RAW))
                .and()
                .areNotAssignableTo(ScopedRepository.class)
                .should()
                .dependOnClassesThat(resideInAPackage("io.quarkus.mongodb.panache..")
                        .and(not(resideInAPackage("io.quarkus.mongodb.panache.common"))))
                .check(CLASSES);
    }

    @Test
    void scopedRepositoriesDoNotGoPastTheirScope() {
        noClasses()
                .that(not(equivalentTo(ScopedRepository.class)))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "uses a collection past the scope",
                        access -> access.getTargetOwner().isAssignableTo(ReactivePanacheMongoRepositoryBase.class)
                                && !access.getTarget().getName().equals("<init>")))
                .check(CLASSES);
    }

    @Test
    void databaseClientIsUsedForMigrationsAndPingsOnly() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(BASE + "database.DatabaseGate")
                .and()
                .doNotHaveFullyQualifiedName(RUNTIME + ".database.Indexes")
                .and()
                .doNotHaveFullyQualifiedName(RUNTIME + ".database.Migrations")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.(Reactive)?Mongo(Client|Clients|Database)")
                .check(CLASSES);
    }

    @Test
    void collectionsAreUsedByTheScopedRepositoryOnly() {
        noClasses()
                .that(not(equivalentTo(ScopedRepository.class)))
                .and()
                .doNotHaveFullyQualifiedName(RUNTIME + ".database.Indexes")
                .and()
                .doNotHaveFullyQualifiedName(RUNTIME + ".database.Migrations")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*\\.(Reactive)?MongoCollection")
                .check(CLASSES);
    }

    /** The query of a list is in a class of its own, beside its repository; it has no collection to send it to. */
    @Test
    void onlyRepositoriesWriteQueries() {
        noClasses()
                .that()
                .areNotAssignableTo(ScopedRepository.class)
                .and(not(equivalentTo(OrgScope.class)))
                .and()
                .doNotHaveFullyQualifiedName(RUNTIME + ".database.Indexes")
                .and()
                .doNotHaveFullyQualifiedName(BASE + "organisation.ListingFilter")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.mongodb.client.model..")
                .check(CLASSES);
    }

    /** What is read as another record than its collection's is registered for native images; the framework does not see it. */
    @Test
    void projectionsAreRegisteredForReflection() {
        var projections = CLASSES.stream()
                .filter(type -> type.isAssignableTo(ScopedRepository.class))
                .flatMap(type -> type.getReferencedClassObjects().stream())
                .map(ReferencedClassObject::getRawType)
                .filter(JavaClass::isRecord)
                .filter(type -> !type.isAnnotatedWith(MongoEntity.class))
                .collect(Collectors.toSet());

        assertThat(projections)
                .isNotEmpty()
                .allMatch(type -> type.isAnnotatedWith(RegisterForReflection.class), "is registered for reflection");
    }

    /** A native image finds nothing by name that its build does not know of. */
    @Test
    void nothingIsLookedUpByName() {
        noClasses()
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "looks up a class, a member or a resource by its name",
                        access -> LOOK_UPS.contains(access.getTargetOwner().getName() + "."
                                        + access.getTarget().getName())
                                || access.getTargetOwner().isEquivalentTo(ServiceLoader.class)
                                || access.getTargetOwner().isEquivalentTo(Proxy.class)
                                || access.getTargetOwner().isEquivalentTo(ObjectInputStream.class)
                                || access.getTargetOwner().isEquivalentTo(ResourceBundle.class)))
                .check(CLASSES);
    }

    @Test
    void scopeIsBornFromStoredRecords() {
        assertThat(callers(OrgScope.class, "<init>"))
                .containsOnly("OrgScope.<init>", "OrgScope.beneath", "OrgScope.narrow", "ScopedRepository.located");
    }

    @Test
    void whatRunsWithoutCallerIsListedHere() {
        var unscoped = LOOK_BEYOND_A_SCOPE.stream()
                .flatMap(method -> uses(ScopedRepository.class, method))
                .collect(Collectors.toCollection(TreeSet::new));
        var throughThem = CLASSES.stream()
                .filter(type -> type.isAssignableTo(ScopedRepository.class))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> unscoped.stream().anyMatch(use -> use.endsWith(" <- " + name(method))))
                .flatMap(ArchitectureTest::uses)
                .toList();
        unscoped.addAll(throughThem);

        assertThat(unscoped).isEqualTo(new TreeSet<>(WITHOUT_CALLER));
    }

    @Test
    void keysAreIdentifiedByTheAuthenticatorOnly() {
        assertThat(callers(ScopedRepository.class, "authenticate")).containsExactly("KeyRepository.identify");
    }

    @Test
    void identifyingAKeyIsNotPublic() {
        assertThat(CLASSES.get(KeyRepository.class)
                        .getMethod("identify", KeyId.class)
                        .getModifiers())
                .noneMatch(modifier -> modifier.name().equals("PUBLIC"));
    }

    @Test
    void timeComesFromTheClock() {
        noClasses().should().accessTargetWhere(readsTheTime()).check(CLASSES);
    }

    @Test
    void clockIsMadeInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(RUNTIME + ".Clocks")
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "makes a clock",
                        access -> access.getTargetOwner().isEquivalentTo(Clock.class)
                                && !Set.of("instant", "millis")
                                        .contains(access.getTarget().getName())))
                .check(CLASSES);
    }

    @Test
    void onlyTheStartTasksAndTheEndWait() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(RUNTIME + ".Startup")
                .and()
                .doNotHaveFullyQualifiedName(RUNTIME + ".cli.ResealKeys")
                .and()
                .doNotHaveFullyQualifiedName(BackgroundWork.class.getName())
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "waits for a Uni",
                        access -> access.getTargetOwner().isAssignableTo(Uni.class)
                                && Set.of("await", "awaitUsing")
                                        .contains(access.getTarget().getName())))
                .check(CLASSES);
    }

    private static boolean isRaw(JavaClass type) {
        return type.getSimpleName().equals("Raw")
                && type.getModifiers().stream()
                        .anyMatch(modifier -> modifier.name().equals("PRIVATE"))
                && type.getEnclosingClass()
                        .filter(outer -> outer.isAssignableTo(ScopedRepository.class))
                        .filter(outer -> outer.getSimpleName().endsWith("Repository"))
                        .isPresent();
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheTime() {
        return DescribedPredicate.describe("reads the time past the clock", access -> {
            var owner = access.getTargetOwner();
            var name = access.getTarget().getName();
            return (owner.getPackageName().startsWith("java.time") && name.equals("now"))
                    || (owner.isEquivalentTo(System.class) && name.equals("currentTimeMillis"))
                    || (owner.isEquivalentTo(Date.class) && name.equals("<init>"));
        });
    }

    private static Set<String> callers(Class<?> owner, String method) {
        return units(owner, method).flatMap(ArchitectureTest::origins).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> uses(Class<?> owner, String method) {
        return units(owner, method).flatMap(ArchitectureTest::uses);
    }

    private static Stream<String> uses(JavaCodeUnit unit) {
        return origins(unit).map(origin -> name(unit) + " <- " + origin);
    }

    private static Stream<JavaCodeUnit> units(Class<?> owner, String name) {
        return CLASSES.get(owner).getCodeUnits().stream()
                .filter(unit -> unit.getName().equals(name));
    }

    private static Stream<String> origins(JavaCodeUnit unit) {
        return unit.getAccessesToSelf().stream().map(access -> name(access.getOrigin()));
    }

    private static String name(JavaCodeUnit unit) {
        return unit.getOwner().getSimpleName() + "." + unit.getName();
    }
}
