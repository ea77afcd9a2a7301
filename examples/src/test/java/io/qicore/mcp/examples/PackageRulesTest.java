package io.qicore.mcp.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the packages of all modules: no cycles, one direction of dependencies in the engine, and a maximum size. */
@AnalyzeClasses(packages = "io.qicore.mcp", importOptions = ImportOption.DoNotIncludeTests.class)
final class PackageRulesTest {

    private static final int MAX_FILES = 25;

    private static final String ENGINE = "io.qicore.mcp.internal.engine.";

    private static final DescribedPredicate<JavaClass> OTHER_MODULES = resideInAnyPackage(
            "io.qicore.mcp.kafka..",
            "io.qicore.mcp.timescale..",
            "io.qicore.mcp.testkit..",
            "io.qicore.mcp.examples..");

    private static final ArchRule NO_CYCLES =
            slices().matching("io.qicore.mcp.(**)").should().beFreeOfCycles();

    @ArchTest
    static void core_hasNoCycles(JavaClasses classes) {
        NO_CYCLES.check(classes.that(DescribedPredicate.not(OTHER_MODULES)));
    }

    @ArchTest
    static void kafka_hasNoCycles(JavaClasses classes) {
        NO_CYCLES.check(classes.that(resideInAPackage("io.qicore.mcp.kafka..")));
    }

    @ArchTest
    static void timescale_hasNoCycles(JavaClasses classes) {
        NO_CYCLES.check(classes.that(resideInAPackage("io.qicore.mcp.timescale..")));
    }

    @ArchTest
    static void testkit_hasNoCycles(JavaClasses classes) {
        NO_CYCLES.check(classes.that(resideInAPackage("io.qicore.mcp.testkit..")));
    }

    @ArchTest
    static void examples_haveNoCycles(JavaClasses classes) {
        NO_CYCLES.check(classes.that(resideInAPackage("io.qicore.mcp.examples..")));
    }

    @ArchTest
    static final ArchRule engine_hasADirection = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ENGINE + ".")
            .layer("rpc")
            .definedBy(ENGINE + "rpc..")
            .layer("call")
            .definedBy(ENGINE + "call..")
            .layer("revision")
            .definedBy(ENGINE + "revision..")
            .layer("task")
            .definedBy(ENGINE + "task..")
            .layer("method")
            .definedBy(ENGINE + "method..")
            .whereLayer("call")
            .mayOnlyBeAccessedByLayers("revision", "task", "method")
            .whereLayer("revision")
            .mayOnlyBeAccessedByLayers("method")
            .whereLayer("task")
            .mayOnlyBeAccessedByLayers("method")
            .whereLayer("method")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule insides_doNotKnowTheEngineBuiltFromThem = noClasses()
            .that()
            .resideInAnyPackage(ENGINE + ".", "io.qicore.mcp.internal.connection..", "io.qicore.mcp.engine.message..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.qicore.mcp.engine", "io.qicore.mcp.server..", "io.qicore.mcp.transport..");

    @ParameterizedTest
    @ValueSource(
            strings = {"qicore-mcp-core", "qicore-mcp-kafka", "qicore-mcp-timescale", "qicore-mcp-testkit", "examples"})
    void package_canBeRead(String module) throws IOException {
        Path sources = Path.of("..", module, "src", "main", "java");
        try (Stream<Path> files = Files.walk(sources)) {
            Map<Path, Long> counts = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .collect(Collectors.groupingBy(
                            file -> sources.relativize(file.getParent()), TreeMap::new, Collectors.counting()));
            assertThat(counts).isNotEmpty();
            counts.values().removeIf(count -> count <= MAX_FILES);
            assertThat(counts).as("packages with more than %d files", MAX_FILES).isEmpty();
        }
    }
}
