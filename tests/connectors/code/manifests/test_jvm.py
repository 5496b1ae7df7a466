"""Maven, Gradle in both its languages, version catalogs, sbt."""

from __future__ import annotations


def test_pom(read, rows):
    manifest = read(
        "pom.xml",
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <parent>
            <groupId>com.acme</groupId>
            <artifactId>parent</artifactId>
            <version>1.0</version>
          </parent>
          <artifactId>chat</artifactId>
          <properties>
            <langchain4j.version>0.31.0</langchain4j.version>
            <alias>${langchain4j.version}</alias>
          </properties>
          <modules><module>core</module><module>web</module></modules>
          <dependencyManagement>
            <dependencies>
              <dependency>
                <groupId>org.springframework.ai</groupId>
                <artifactId>spring-ai-bom</artifactId>
                <version>1.0.0</version>
                <type>pom</type>
                <scope>import</scope>
              </dependency>
              <dependency>
                <groupId>com.openai</groupId>
                <artifactId>openai-java</artifactId>
                <version>0.8.0</version>
              </dependency>
            </dependencies>
          </dependencyManagement>
          <dependencies>
            <dependency>
              <groupId>dev.langchain4j</groupId>
              <artifactId>
                langchain4j
              </artifactId>
              <version>${alias}</version>
              <exclusions>
                <exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion>
              </exclusions>
            </dependency>
            <dependency>
              <groupId>com.openai</groupId>
              <artifactId>openai-java</artifactId>
            </dependency>
            <dependency>
              <groupId>${project.groupId}</groupId>
              <artifactId>core</artifactId>
              <version>${project.version}</version>
              <optional>true</optional>
            </dependency>
            <!-- <dependency><groupId>a</groupId><artifactId>commented</artifactId></dependency> -->
            <dependency>
              <groupId>org.junit.jupiter</groupId>
              <artifactId>junit-jupiter</artifactId>
              <scope>test</scope>
            </dependency>
          </dependencies>
          <build><plugins><plugin><artifactId>maven-jar-plugin</artifactId></plugin></plugins></build>
        </project>
        """,
    )
    assert rows(manifest) == [
        ("maven", "dev.langchain4j/langchain4j", "0.31.0", "production", True, 34),
        ("maven", "com.openai/openai-java", "0.8.0", "production", True, 43),
        ("maven", "com.acme/core", "1.0", "optional", True, 47),
        ("maven", "org.junit.jupiter/junit-jupiter", "", "test", True, 54),
        ("maven", "org.springframework.ai/spring-ai-bom", "1.0.0", "production", False, 18),
        ("maven", "com.openai/openai-java", "0.8.0", "production", False, 25),
        ("maven", "org.apache.maven.plugins/maven-jar-plugin", "", "build", True, 58),
    ]
    project = manifest.project
    assert (project.name, project.version, project.line) == ("com.acme/chat", "1.0", 8)
    assert project.workspace == ("core", "web")


def test_a_broken_pom_is_read_up_to_the_fault_and_entities_are_refused(read):
    broken = read(
        "pom.xml",
        """
        <project><dependencies>
          <dependency><groupId>a</groupId><artifactId>b</artifactId></dependency>
          <dependency><groupId>c</artifactId>
        """,
    )
    assert [d.name for d in broken.dependencies] == ["a/b"]
    assert [(p.line, p.text) for p in broken.problems] == [(3, "is not well-formed XML")]
    bomb = read(
        "pom.xml",
        '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><project><artifactId>&b;</artifactId></project>',
    )
    assert bomb.dependencies == ()
    assert "entities" in bomb.problems[0].text
    external = read("pom.xml", '<!DOCTYPE p SYSTEM "file:///etc/passwd"><project><artifactId>x</artifactId></project>')
    assert external.project is None or external.project.name.endswith("/x")


def test_properties_that_name_each_other_end(read):
    doubling = "".join(f"<p{i}>${{p{i + 1}}}${{p{i + 1}}}</p{i}>" for i in range(60))
    pom = f"<project><properties>{doubling}</properties><dependencies><dependency><groupId>g</groupId>"
    pom += "<artifactId>a</artifactId><version>${p0}</version></dependency></dependencies></project>"
    assert len(read("pom.xml", pom).dependencies[0].version) < 400


def test_gradle_in_groovy(read, rows):
    manifest = read(
        "app/build.gradle",
        """
        buildscript {
            ext.kotlinVersion = '1.9.0'
            dependencies { classpath "com.android.tools.build:gradle:8.0.0" }
        }
        plugins { id 'application' }
        version = '2.0'
        def deps = [
            openai: "com.theokanning.openai-gpt3-java:service:0.18.2",
        ]
        ext {
            lc4j = "0.31.0"
            set('springAi', "1.0.0")
        }
        dependencies {
            // implementation 'com.anthropic:commented:1'
            /* implementation 'com.anthropic:commented:2' */
            implementation "dev.langchain4j:langchain4j:$lc4j"
            implementation("dev.langchain4j:langchain4j-open-ai:${lc4j}") {
                exclude group: 'org.slf4j', module: 'slf4j-api'
                because 'see com.example:not-this:1'
            }
            implementation 'org.springframework.ai:spring-ai-core:' + springAi
            implementation deps.openai
            implementation libs.from.catalog
            api group: 'ai.djl', name: 'api', version: '0.27.0'
            testImplementation 'org.junit.jupiter:junit-jupiter:5.10.0@jar'
            annotationProcessor 'org.projectlombok:lombok:1.18.30'
            implementation platform('com.google.cloud:libraries-bom:26.1.0')
            implementation project(':core')
            implementation files('libs/x.jar')
            constraints { implementation 'com.acme:pinned:1.0' }
            if (project.hasProperty('gpu')) {
                runtimeOnly 'com.microsoft.onnxruntime:onnxruntime_gpu:1.18.0'
            }
        }
        application { mainClass = 'com.acme.Main' }
        """,
    )
    assert rows(manifest) == [
        ("maven", "com.android.tools.build/gradle", "8.0.0", "build", True, 3),
        ("maven", "dev.langchain4j/langchain4j", "0.31.0", "production", True, 17),
        ("maven", "dev.langchain4j/langchain4j-open-ai", "0.31.0", "production", True, 18),
        ("maven", "org.springframework.ai/spring-ai-core", "1.0.0", "production", True, 22),
        ("maven", "com.theokanning.openai-gpt3-java/service", "0.18.2", "production", True, 8),
        ("maven", "ai.djl/api", "0.27.0", "production", True, 25),
        ("maven", "org.junit.jupiter/junit-jupiter", "5.10.0", "test", True, 26),
        ("maven", "org.projectlombok/lombok", "1.18.30", "build", True, 27),
        ("maven", "com.google.cloud/libraries-bom", "26.1.0", "production", False, 28),
        ("maven", "com.acme/pinned", "1.0", "production", False, 31),
        ("maven", "com.microsoft.onnxruntime/onnxruntime_gpu", "1.18.0", "production", True, 33),
    ]
    assert manifest.project.version == "2.0"
    assert manifest.project.entry_points == ("main=com.acme.Main",)


def test_gradle_in_kotlin(read, rows):
    manifest = read(
        "build.gradle.kts",
        """
        val ktor = "2.3.0"
        object Versions { const val openai = "3.7.0" }
        kotlin {
            sourceSets {
                val commonMain by getting {
                    dependencies {
                        implementation("com.aallam.openai:openai-client:${Versions.openai}")
                    }
                }
                commonTest.dependencies {
                    implementation("io.ktor:ktor-client-mock:$ktor")
                }
            }
        }
        /* nested /* comment */ dependencies { implementation("a:b:1") } */
        dependencies {
            implementation(libs.openai)
            "customConfig"("ai.koog:koog-agents:0.2.0")
            add("ksp", "com.google.dagger:hilt-compiler:2.51")
            implementation(group = "org.tensorflow", name = "tensorflow-lite", version = "2.16.1")
            testImplementation(kotlin("test"))
        }
        application { mainClass.set("com.acme.MainKt") }
        """,
    )
    assert rows(manifest) == [
        ("maven", "com.aallam.openai/openai-client", "3.7.0", "production", True, 7),
        ("maven", "io.ktor/ktor-client-mock", "2.3.0", "test", True, 11),
        ("maven", "ai.koog/koog-agents", "0.2.0", "production", True, 18),
        ("maven", "com.google.dagger/hilt-compiler", "2.51", "build", True, 19),
        ("maven", "org.tensorflow/tensorflow-lite", "2.16.1", "production", True, 20),
    ]
    assert manifest.project.entry_points == ("main=com.acme.MainKt",)


def test_gradle_settings(read, rows):
    manifest = read(
        "settings.gradle.kts",
        """
        rootProject.name = "acme"
        include(":core", ":apps:web")
        include(
            ":cli",
        )
        dependencyResolutionManagement {
            versionCatalogs {
                create("libs") {
                    library("openai", "com.openai:openai-java:0.8.0")
                    library("djl", "ai.djl", "api").version("0.27.0")
                }
            }
        }
        """,
    )
    assert (manifest.project.name, manifest.project.line) == ("acme", 1)
    assert manifest.project.workspace == ("core", "apps/web", "cli")
    assert rows(manifest) == [
        ("maven", "com.openai/openai-java", "0.8.0", "production", True, 9),
        ("maven", "ai.djl/api", "0.27.0", "production", True, 10),
    ]


def test_version_catalog(read, rows):
    manifest = read(
        "gradle/libs.versions.toml",
        """
        [versions]
        openai = "0.8.0"
        lc4j = { strictly = "0.31.0" }
        [libraries]
        openai = { module = "com.openai:openai-java", version.ref = "openai" }
        langchain = { group = "dev.langchain4j", name = "langchain4j", version = { ref = "lc4j" } }
        djl = "ai.djl:api:0.27.0"
        [bundles]
        ai = ["openai", "langchain"]
        [plugins]
        kotlin = { id = "org.jetbrains.kotlin.jvm", version = "2.0" }
        """,
    )
    assert rows(manifest) == [
        ("maven", "com.openai/openai-java", "0.8.0", "production", True, 5),
        ("maven", "dev.langchain4j/langchain4j", "0.31.0", "production", True, 6),
        ("maven", "ai.djl/api", "0.27.0", "production", True, 7),
    ]


def test_gradle_lockfile(read, rows):
    manifest = read(
        "gradle.lockfile",
        """
        # This is a Gradle generated file for dependency locking.
        com.openai:openai-java:0.8.0=compileClasspath,runtimeClasspath
        org.junit.jupiter:junit-jupiter:5.10.0=testCompileClasspath,testRuntimeClasspath
        empty=annotationProcessor
        """,
    )
    assert rows(manifest) == [
        ("maven", "com.openai/openai-java", "0.8.0", "production", False, 2),
        ("maven", "org.junit.jupiter/junit-jupiter", "5.10.0", "test", False, 3),
    ]


def test_sbt(read, rows):
    manifest = read(
        "build.sbt",
        """
        name := "acme-ml"
        version := "0.1"
        val sparkVersion = "3.5.0"
        lazy val core = (project in file("core"))
        libraryDependencies ++= Seq(
          // "com.commented" %% "out" % "1",
          "org.apache.spark" %% "spark-mllib" % sparkVersion % Provided,
          "io.cequence" %% "openai-scala-client" % Versions.openai,
          "org.scalatest" %% "scalatest" % "3.2.18" % "test,it"
        )
        libraryDependencies += "ai.djl" % "api" % "0.27.0" exclude("org.slf4j", "slf4j-api")
        """,
    )
    assert rows(manifest) == [
        ("maven", "org.apache.spark/spark-mllib", "3.5.0", "production", True, 7),
        ("maven", "io.cequence/openai-scala-client", "", "production", True, 8),
        ("maven", "org.scalatest/scalatest", "3.2.18", "test", True, 9),
        ("maven", "ai.djl/api", "0.27.0", "production", True, 11),
    ]
    assert (manifest.project.name, manifest.project.workspace) == ("acme-ml", ("core",))
    plugins = read("project/plugins.sbt", 'addSbtPlugin("com.eed3si9n" % "sbt-assembly" % "2.1.5")\n')
    assert rows(plugins) == [("maven", "com.eed3si9n/sbt-assembly", "2.1.5", "build", True, 1)]
    constants = read("project/Dependencies.scala", 'object D { val gpt = "com.acme" %% "gpt" % "1" }\n')
    assert rows(constants) == [("maven", "com.acme/gpt", "1", "production", True, 1)]
    assert constants.project is None
