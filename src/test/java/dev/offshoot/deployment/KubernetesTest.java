package dev.offshoot.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.offshoot.apikey.KeyUses;
import dev.offshoot.database.DatabaseGate;
import dev.offshoot.provisioning.BatchConfirmation;
import dev.offshoot.usage.RequestCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests as kustomize renders them: valid by Kubernetes' schemas, and right in what no schema sees. */
class KubernetesTest {
    private static final String FOLDER = "src/main/kubernetes/";
    private static final String PRODUCTION = "overlays/production";
    private static final String SMALL = "overlays/small";

    /** Their kinds have no schema in Kubernetes itself. */
    private static final List<String> OF_THE_OPERATOR = List.of("ServiceMonitor", "PrometheusRule");

    /** What is needed beyond what the settings say, for the database's client to close and a slow machine. */
    private static final Duration ROOM = Duration.ofSeconds(10);

    private static final Map<String, String> RENDERED = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    static Stream<String> overlays() {
        return Stream.of(PRODUCTION, SMALL);
    }

    /** The oldest and the newest Kubernetes that the manifests are for. */
    @ParameterizedTest
    @MethodSource("overlays")
    void isValid(String what) throws IOException {
        for (var version : List.of("1.33", "1.37")) {
            var file = Files.writeString(folder.resolve("rendered.yaml"), rendered(what));

            var checked = Checker.KUBERNETES_VALIDATE.run("--strict", "-k", version, file.toString());

            assertThat(checked.code()).as(checked.output()).isZero();
            assertThat(checked.output().lines().filter(line -> !line.startsWith("INFO")))
                    .allMatch(line -> OF_THE_OPERATOR.stream()
                            .anyMatch(kind -> line.contains("Couldn't find schema for kind " + kind)));
        }
    }

    @Test
    void whatIsMisspelledIsNotValid() throws IOException {
        var misspelled = rendered(SMALL).replace("readOnlyRootFilesystem", "readOnlyRootFileSystem");
        var file = Files.writeString(folder.resolve("rendered.yaml"), misspelled);

        assertThat(Checker.KUBERNETES_VALIDATE.run("--strict", file.toString()).code())
                .isNotZero();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void everyVariableIsASetting(String what) {
        var named = podSpecs(what)
                .flatMap(pod -> Yaml.items(pod.at("/containers/0/env")))
                .map(variable -> variable.at("/name").textValue());
        var ofConfigMaps = Stream.concat(
                named,
                kind(what, "ConfigMap")
                        .flatMap(map -> map.at("/data").properties().stream())
                        .map(Map.Entry::getKey));

        assertThat(ofConfigMaps).isNotEmpty().isSubsetOf(KnownSettings.known());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void secretsAreReferredTo(String what) {
        assertThat(kind(what, "Secret")).isEmpty();
        assertThat(rendered(what)).doesNotContain("osk_", "mongodb://", "mongodb+srv://");
        var references = podSpecs(what)
                .flatMap(pod -> Yaml.items(pod.at("/containers/0/env")))
                .filter(variable ->
                        variable.at("/name").textValue().matches(".*(CONNECTION_STRING|_KEY|_CURRENT|_PREVIOUS)"));
        assertThat(references)
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(variable ->
                        variable.at("/valueFrom/secretKeyRef/name").asText().equals("offshoot"));
    }

    /** As the Pod Security Standard "restricted" demands, and a root filesystem that is read only. */
    @ParameterizedTest
    @MethodSource("overlays")
    void podsMayDoNothing(String what) {
        assertThat(podSpecs(what)).hasSize(2).allSatisfy(pod -> {
            assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").booleanValue()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").intValue()).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").textValue())
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.has("hostNetwork") || pod.has("hostPID") || pod.has("hostIPC"))
                    .isFalse();
            assertThat(pod.at("/containers")).hasSize(1).allSatisfy(container -> {
                var security = container.at("/securityContext");
                assertThat(security.at("/allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(security.at("/readOnlyRootFilesystem").booleanValue())
                        .isTrue();
                assertThat(security.at("/capabilities/drop/0").textValue()).isEqualTo("ALL");
                assertThat(container.at("/resources/limits/memory").asText())
                        .isNotEmpty()
                        .isEqualTo(container.at("/resources/requests/memory").asText());
            });
        });
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void imagesAreOnesOwnAndOfAVersion(String what) {
        assertThat(podSpecs(what).map(pod -> pod.at("/containers/0/image").textValue()))
                .isNotEmpty()
                .allMatch(image -> image.matches("registry\\.example\\.com/offshoot:\\d+\\.\\d+\\.\\d+"));
    }

    /** A job's pod is no backend. */
    @ParameterizedTest
    @MethodSource("overlays")
    void selectorsMatchThePodsOfTheServiceAlone(String overlay) {
        var api = labels(deployment(overlay).at("/spec/template/metadata/labels"));
        var job = labels(one(overlay, "CronJob").at("/spec/jobTemplate/spec/template/metadata/labels"));
        var selectors = Stream.of(
                        deployment(overlay).at("/spec/selector/matchLabels"),
                        one(overlay, "Service").at("/spec/selector"),
                        one(overlay, "PodDisruptionBudget").at("/spec/selector/matchLabels"),
                        deployment(overlay)
                                .at("/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels"),
                        deployment(overlay)
                                .at("/spec/template/spec/topologySpreadConstraints/1/labelSelector/matchLabels"))
                .map(KubernetesTest::labels)
                .toList();

        assertThat(selectors)
                .allMatch(selector -> !selector.isEmpty() && api.entrySet().containsAll(selector.entrySet()));
        assertThat(selectors).noneMatch(selector -> job.entrySet().containsAll(selector.entrySet()));
        var policy = labels(one(overlay, "NetworkPolicy").at("/spec/podSelector/matchLabels"));
        assertThat(List.of(api, job))
                .allMatch(pod -> !policy.isEmpty() && pod.entrySet().containsAll(policy.entrySet()));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void portsAgreeFromTheContainerOutwards(String overlay) {
        var container = deployment(overlay).at("/spec/template/spec/containers/0/ports");
        var ports = Yaml.items(container)
                .collect(Collectors.toMap(port -> port.at("/name").textValue(), port -> port.at("/containerPort")
                        .intValue()));
        assertThat(ports).isEqualTo(Map.of("http", 8080, "management", 9000));

        assertThat(Yaml.items(one(overlay, "Service").at("/spec/ports")))
                .hasSize(2)
                .allMatch(port ->
                        port.at("/targetPort").asText().equals(port.at("/name").asText()))
                .allMatch(port ->
                        ports.get(port.at("/name").asText()) == port.at("/port").intValue());
        assertThat(Yaml.items(one(overlay, "NetworkPolicy").at("/spec/ingress"))
                        .flatMap(rule -> Yaml.items(rule.at("/ports")))
                        .map(port -> port.at("/port").intValue()))
                .containsExactlyInAnyOrderElementsOf(ports.values());
        assertThat(Yaml.items(one(overlay, "NetworkPolicy").at("/spec/ingress")))
                .allMatch(rule -> rule.has("from"));
        assertThat(one(overlay, "Ingress").at("/spec/rules/0/http/paths/0/backend/service"))
                .isEqualTo(
                        Yaml.documents("{name: offshoot, port: {name: http}}").get(0));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void onePodMayAlwaysGoAndOneAlwaysStays(String overlay) {
        var autoscaler = one(overlay, "HorizontalPodAutoscaler").at("/spec");
        var fewest = autoscaler.at("/minReplicas").intValue();

        assertThat(autoscaler.at("/scaleTargetRef/name"))
                .isEqualTo(deployment(overlay).at("/metadata/name"));
        assertThat(deployment(overlay).at("/spec").has("replicas"))
                .as("they would fight over it")
                .isFalse();
        assertThat(fewest)
                .isGreaterThan(1)
                .isLessThan(autoscaler.at("/maxReplicas").intValue());
        assertThat(one(overlay, "PodDisruptionBudget")
                        .at("/spec/maxUnavailable")
                        .intValue())
                .isPositive()
                .isLessThan(fewest);
        assertThat(deployment(overlay)
                        .at("/spec/strategy/rollingUpdate/maxUnavailable")
                        .asInt(1))
                .isZero();
        assertThat(deployment(overlay)
                        .at("/spec/template/spec/containers/0/resources/requests/cpu")
                        .asText())
                .as("what the autoscaler's percentage is of")
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void podsAreGivenTheTimeThatAnEndTakes(String overlay) throws IOException {
        var settings = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            settings.load(reader);
        }
        var delay = variable(deployment(overlay), "QUARKUS_SHUTDOWN_DELAY");
        var end = seconds(delay)
                .plus(seconds(settings.getProperty("quarkus.shutdown.timeout")))
                .plus(BatchConfirmation.LAST_FLUSH)
                .plus(RequestCounter.LAST_FLUSH)
                .plus(KeyUses.LAST_FLUSH)
                .plus(DatabaseGate.LAST_COMMANDS);

        var given = deployment(overlay).at("/spec/template/spec/terminationGracePeriodSeconds");
        assertThat(Duration.ofSeconds(given.intValue())).isGreaterThanOrEqualTo(end.plus(ROOM));
        assertThat(settings.getProperty("quarkus.shutdown.delay-enabled")).isEqualTo("true");
        var readiness = deployment(overlay).at("/spec/template/spec/containers/0/readinessProbe");
        assertThat(Duration.ofSeconds(readiness.at("/periodSeconds").longValue()
                        * readiness.at("/failureThreshold").longValue()))
                .as("it is noticed within the delay")
                .isLessThan(seconds(delay));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void trustedProxiesAreSet(String overlay) {
        var map = one(overlay, "ConfigMap");

        assertThat(map.at("/data/OFFSHOOT_HTTP_TRUSTED_PROXIES").asText()).isNotEmpty();
        assertThat(deployment(overlay).at("/spec/template/spec/containers/0/envFrom/0/configMapRef/name"))
                .isEqualTo(map.at("/metadata/name"));
    }

    /** The operator's kinds have no schema here: their fields are held against the rest. */
    @Test
    void serviceMonitorFindsTheServicesMetrics() {
        var monitor = one(PRODUCTION, "ServiceMonitor");
        var service = one(PRODUCTION, "Service");

        assertThat(monitor.at("/apiVersion").textValue()).isEqualTo("monitoring.coreos.com/v1");
        assertThat(names(monitor.at("/spec"))).containsExactlyInAnyOrder("selector", "endpoints");
        assertThat(labels(service.at("/metadata/labels")))
                .containsAllEntriesOf(labels(monitor.at("/spec/selector/matchLabels")));
        assertThat(monitor.at("/spec/endpoints")).hasSize(1).allSatisfy(endpoint -> {
            assertThat(names(endpoint)).containsExactlyInAnyOrder("port", "path", "interval");
            assertThat(endpoint.at("/port").textValue()).isEqualTo("management");
            assertThat(endpoint.at("/path").textValue()).isEqualTo("/q/metrics");
            assertThat(endpoint.at("/interval").textValue()).matches("\\d+s");
        });
    }

    /** To make them anew: indent the rules' file by two spaces beneath {@code spec:}. */
    @Test
    void prometheusRuleHoldsTheAlertsThatPrometheusHas() {
        var rule = one(PRODUCTION, "PrometheusRule");
        var alerts = Yaml.file(Path.of("src/main/prometheus/alerts.yaml"));

        assertThat(rule.at("/apiVersion").textValue()).isEqualTo("monitoring.coreos.com/v1");
        assertThat(rule.at("/spec")).isEqualTo(alerts).isNotEmpty();
    }

    /** A job has the service's own surroundings, but for what only a server needs. */
    @ParameterizedTest
    @MethodSource("overlays")
    void jobRunsAsTheServiceDoes(String overlay) {
        var api = deployment(overlay).at("/spec/template/spec/containers/0");
        var job = one(overlay, "CronJob").at("/spec/jobTemplate/spec/template/spec/containers/0");

        assertThat(job.at("/securityContext")).isEqualTo(api.at("/securityContext"));
        assertThat(job.at("/resources")).isEqualTo(deployment(SMALL).at("/spec/template/spec/containers/0/resources"));
        assertThat(job.at("/image")).isEqualTo(api.at("/image"));
        assertThat(job.at("/envFrom")).isEqualTo(api.at("/envFrom")).isNotEmpty();
        assertThat(Yaml.items(job.at("/env")))
                .as("the service's secrets, but for the root's key")
                .hasSize(3)
                .isEqualTo(Yaml.items(api.at("/env"))
                        .filter(variable -> variable.has("valueFrom"))
                        .filter(variable -> !variable.at("/name").asText().equals("OFFSHOOT_ROOT_KEY"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void jobRunsOnlyWhenOneIsMadeOfIt(String overlay) {
        assertThat(one(overlay, "CronJob").at("/spec/suspend").booleanValue()).isTrue();
    }

    /** What the service asks of others: names, the database, the collector of its traces. */
    @ParameterizedTest
    @MethodSource("overlays")
    void egressIsWhatTheServiceNeedsAndNoMore(String overlay) {
        var egress = Yaml.items(one(overlay, "NetworkPolicy").at("/spec/egress"))
                .flatMap(rule -> Yaml.items(rule.at("/ports"))
                        .map(port -> tuple(
                                rule.at("/to/0/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                                        .asText(),
                                port.at("/port").intValue(),
                                port.at("/protocol").textValue())));

        assertThat(egress)
                .containsExactlyInAnyOrder(
                        tuple("kube-system", 53, "UDP"),
                        tuple("kube-system", 53, "TCP"),
                        tuple("", 27017, "TCP"),
                        tuple("monitoring", 4318, "TCP"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"QUARKUS_MONGODB_CONNECTION_STRING", "OFFSHOOT_KEY_ENCRYPTION_CURRENT"})
    void whatAStartDemandsIsGiven(String name) {
        assertThat(Yaml.items(deployment(SMALL).at("/spec/template/spec/containers/0/env"))
                        .map(variable -> variable.at("/name").textValue()))
                .contains(name);
    }

    private static String rendered(String what) {
        return RENDERED.computeIfAbsent(what, overlay -> {
            var built = Checker.KUSTOMIZE.run("build", FOLDER + overlay);
            assertThat(built.code()).as(built.output()).isZero();
            return built.output();
        });
    }

    private static Stream<JsonNode> kind(String what, String kind) {
        return Yaml.documents(rendered(what)).stream()
                .filter(document -> document.at("/kind").asText().equals(kind));
    }

    private static JsonNode one(String what, String kind) {
        var all = kind(what, kind).toList();
        assertThat(all).as(kind).hasSize(1);
        return all.get(0);
    }

    private static JsonNode deployment(String overlay) {
        return one(overlay, "Deployment");
    }

    private static Stream<JsonNode> podSpecs(String what) {
        return Stream.concat(
                kind(what, "Deployment").map(document -> document.at("/spec/template/spec")),
                kind(what, "CronJob").map(document -> document.at("/spec/jobTemplate/spec/template/spec")));
    }

    private static String variable(JsonNode deployment, String name) {
        return Yaml.items(deployment.at("/spec/template/spec/containers/0/env"))
                .filter(variable -> variable.at("/name").asText().equals(name))
                .findFirst()
                .orElse(MissingNode.getInstance())
                .at("/value")
                .asText();
    }

    private static Map<String, String> labels(JsonNode labels) {
        var map = new TreeMap<String, String>();
        labels.properties()
                .forEach(label -> map.put(label.getKey(), label.getValue().textValue()));
        return map;
    }

    private static Stream<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }

    private static Duration seconds(String text) {
        var matcher = Pattern.compile("(\\d+)s").matcher(text);
        assertThat(matcher.matches()).as(text).isTrue();
        return Duration.ofSeconds(Long.parseLong(matcher.group(1)));
    }
}
