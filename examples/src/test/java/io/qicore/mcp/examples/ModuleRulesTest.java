package io.qicore.mcp.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.qicore.mcp.engine.ServerInfo;

/** Checks which modules may depend on which. It is in this module because only this one depends on all others. */
@AnalyzeClasses(packages = "io.qicore.mcp", importOptions = ImportOption.DoNotIncludeTests.class)
final class ModuleRulesTest {

    private static final String KAFKA = "io.qicore.mcp.kafka..";
    private static final String TIMESCALE = "io.qicore.mcp.timescale..";
    private static final String TESTKIT = "io.qicore.mcp.testkit..";
    private static final String EXAMPLES = "io.qicore.mcp.examples..";
    private static final String END = "SourceCompletedException";

    @ArchTest
    static final ArchRule core_knowsNoAdapterAndNoResource = noClasses()
            .that()
            .resideOutsideOfPackages(KAFKA, TIMESCALE, TESTKIT, EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    KAFKA,
                    TIMESCALE,
                    TESTKIT,
                    EXAMPLES,
                    "org.apache.kafka..",
                    "java.sql..",
                    "javax.sql..",
                    "org.postgresql..");

    @ArchTest
    static final ArchRule kafka_knowsNoOtherAdapter = noClasses()
            .that()
            .resideInAPackage(KAFKA)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TIMESCALE, TESTKIT, EXAMPLES, "java.sql..", "javax.sql..", "org.postgresql..");

    @ArchTest
    static final ArchRule timescale_knowsNoOtherAdapter = noClasses()
            .that()
            .resideInAPackage(TIMESCALE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(KAFKA, TESTKIT, EXAMPLES, "org.apache.kafka..");

    @ArchTest
    static final ArchRule nothing_dependsOnExamples = noClasses()
            .that()
            .resideOutsideOfPackage(EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EXAMPLES);

    @ArchTest
    static final ArchRule adapters_useTheEngineOnlyThroughServers = noClasses()
            .that()
            .resideInAnyPackage(KAFKA, TIMESCALE)
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("io.qicore.mcp.engine..", "io.qicore.mcp.transport..", "org.eclipse.jetty..")
                            // The only type of the engine that an adapter needs, to give the server its name.
                            .and(DescribedPredicate.not(type(ServerInfo.class))));

    @ArchTest
    static final ArchRule only_coreKnowsItsInsides = noClasses()
            .that()
            .resideInAnyPackage(KAFKA, TIMESCALE, TESTKIT, EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.qicore.mcp.internal..");

    @ArchTest
    static final ArchRule only_theHttpTransportKnowsJetty = noClasses()
            .that()
            .resideOutsideOfPackage("io.qicore.mcp.transport.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..");

    @ArchTest
    static final ArchRule only_theServletKnowsServlets = noClasses()
            .that()
            .resideOutsideOfPackage("io.qicore.mcp.transport.servlet..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.servlet..");

    /** Applications do not have {@code connect-api}: only what Connect itself loads may need it. */
    @ArchTest
    static final ArchRule only_thePluginKnowsConnect = noClasses()
            .that(DescribedPredicate.not(resideInAnyPackage(TESTKIT)
                    .or(simpleNameStartingWith("QiCoreSource"))
                    .or(simpleName(END))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.kafka.connect..")
                    .or(simpleNameStartingWith("QiCoreSource"))
                    .or(simpleName(END)));
}
