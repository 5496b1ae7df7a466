"""Go, Rust, .NET, Ruby, PHP, Swift and CocoaPods, Dart, Elixir, R, Julia, C and C++."""

from __future__ import annotations


def test_go(read, rows):
    manifest = read(
        "go.mod",
        """
        module github.com/Acme/chat/v2 // the service

        go 1.22

        require github.com/sashabaranov/go-openai v1.24.0
        require (
        \tgithub.com/tmc/langchaingo v0.1.12
        \tgolang.org/x/net v0.24.0 // indirect
        \t// github.com/anthropics/commented v1
        \t"gopkg.in/yaml.v3" v3.0.1 // indirect; pinned
        )
        replace github.com/tmc/langchaingo => ../fork
        exclude github.com/bad/module v1.0.0
        """,
    )
    assert rows(manifest) == [
        ("golang", "github.com/sashabaranov/go-openai", "v1.24.0", "production", True, 5),
        ("golang", "github.com/tmc/langchaingo", "v0.1.12", "production", True, 7),
        ("golang", "golang.org/x/net", "v0.24.0", "production", False, 8),
        ("golang", "gopkg.in/yaml.v3", "v3.0.1", "production", False, 10),
    ]
    assert (manifest.project.name, manifest.project.line) == ("github.com/Acme/chat/v2", 1)
    work = read("go.work", "go 1.22\nuse (\n\t./api\n\t./worker\n)\nuse ./cli\n")
    assert work.project.workspace == ("./api", "./worker", "./cli")
    assert [p.line for p in read("go.mod", "module x\nrequire (\n\ta v1\n").problems] == [2]


def test_cargo(read, rows):
    manifest = read(
        "Cargo.toml",
        """
        [package]
        name = "acme-agent"
        version = "0.1.0"
        publish = false
        [[bin]]
        name = "agent"
        [workspace]
        members = ["crates/*"]
        [workspace.dependencies]
        async-openai = "0.23"
        [dependencies]
        async-openai.workspace = true
        candle = { package = "candle-core", version = "0.6", optional = true }
        rig-core = { git = "https://github.com/0xPlaygrounds/rig", branch = "main" }
        local = { path = "../local" }
        [dependencies.tokenizers]
        version = "0.19"
        features = ["http"]
        [dev-dependencies]
        mockito = "1"
        [build-dependencies]
        cc = "1.0"
        [target.'cfg(target_os = "macos")'.dependencies]
        mlx-rs = "0.1"
        """,
    )
    assert rows(manifest) == [
        ("cargo", "async-openai", "workspace", "production", True, 12),
        ("cargo", "candle-core", "0.6", "optional", True, 13),
        ("cargo", "rig-core", "git+https://github.com/0xPlaygrounds/rig@main", "production", True, 14),
        ("cargo", "local", "path:../local", "production", True, 15),
        ("cargo", "tokenizers", "0.19", "production", True, 16),
        ("cargo", "mockito", "1", "development", True, 20),
        ("cargo", "cc", "1.0", "build", True, 22),
        ("cargo", "mlx-rs", "0.1", "production", True, 24),
        ("cargo", "async-openai", "0.23", "production", False, 10),
    ]
    project = manifest.project
    assert (project.name, project.workspace, project.entry_points) == ("acme-agent", ("crates/*",), ("agent",))
    assert project.private


def test_cargo_lock(read, rows):
    manifest = read(
        "Cargo.lock",
        """
        version = 3
        [[package]]
        name = "acme-agent"
        version = "0.1.0"
        dependencies = [
         "async-openai",
         "serde 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)",
        ]
        [[package]]
        name = "async-openai"
        version = "0.23.0"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        dependencies = ["reqwest"]
        [[package]]
        name = "reqwest"
        version = "0.12.0"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        """,
    )
    assert rows(manifest) == [
        ("cargo", "async-openai", "0.23.0", "production", True, 10),
        ("cargo", "reqwest", "0.12.0", "production", False, 15),
    ]


def test_dotnet_project(read, rows):
    manifest = read(
        "src/Acme.Chat.csproj",
        """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <Version>1.2.0</Version>
            <SkVersion>1.15.0</SkVersion>
          </PropertyGroup>
          <ItemGroup Condition="'$(X)' == 'y'">
            <PackageReference Include="Microsoft.SemanticKernel" Version="$(SkVersion)" />
            <PackageReference
                Condition="true"
                Include="Azure.AI.OpenAI">
              <Version>2.0.0</Version>
            </PackageReference>
            <PackageReference Include="StyleCop.Analyzers" Version="1.1" PrivateAssets="all" />
            <!-- <PackageReference Include="Commented" Version="1" /> -->
            <ProjectReference Include="../Core/Core.csproj" />
          </ItemGroup>
        </Project>
        """,
    )
    assert rows(manifest) == [
        ("nuget", "Microsoft.SemanticKernel", "1.15.0", "production", True, 7),
        ("nuget", "Azure.AI.OpenAI", "2.0.0", "production", True, 10),
        ("nuget", "StyleCop.Analyzers", "1.1", "development", True, 13),
    ]
    assert (manifest.project.name, manifest.project.version) == ("Acme.Chat", "1.2.0")
    assert manifest.project.entry_points == ("Acme.Chat",)
    tests = read(
        "T.fsproj",
        """
        <Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><ItemGroup>
          <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17" />
          <PackageReference Include="OpenAI" Version="2.0" />
        </ItemGroup></Project>
        """,
    )
    assert [d.scope.value for d in tests.dependencies] == ["test", "test"]


def test_dotnet_central_versions_and_older_forms(read, rows):
    central = read(
        "Directory.Packages.props",
        """
        <Project>
          <ItemGroup>
            <PackageVersion Include="OpenAI" Version="2.0.0" />
            <GlobalPackageReference Include="MinVer" Version="5" />
          </ItemGroup>
        </Project>
        """,
    )
    assert rows(central) == [
        ("nuget", "OpenAI", "2.0.0", "production", False, 3),
        ("nuget", "MinVer", "5", "development", True, 4),
    ]
    older = read(
        "packages.config",
        """
        <packages>
          <package id="OpenAI" version="1.6.0" targetFramework="net48" />
          <package id="xunit" version="2.4" developmentDependency="true" />
        </packages>
        """,
    )
    assert rows(older) == [
        ("nuget", "OpenAI", "1.6.0", "production", True, 2),
        ("nuget", "xunit", "2.4", "development", True, 3),
    ]
    lock = read(
        "packages.lock.json",
        """
        { "version": 1, "dependencies": {
            "net8.0": {
              "OpenAI": { "type": "Direct", "requested": "[2.0.0, )", "resolved": "2.0.0" },
              "System.ClientModel": { "type": "Transitive", "resolved": "1.1.0" },
              "acme.core": { "type": "Project" }
            },
            "net9.0": { "OpenAI": { "type": "Direct", "resolved": "2.0.0" } }
        } }
        """,
    )
    assert rows(lock) == [
        ("nuget", "OpenAI", "2.0.0", "production", True, 3),
        ("nuget", "System.ClientModel", "1.1.0", "production", False, 4),
    ]


def test_gemfile(read, rows):
    manifest = read(
        "Gemfile",
        """
        source "https://rubygems.org"
        # gem "commented"
        gem "rails", "~> 7.1", ">= 7.1.2"
        gem 'ruby-openai', require: "openai" if ENV["AI"]
        gem("langchainrb", git: "https://github.com/patterns-ai-core/langchainrb")
        group :development, :test do
          gem "rspec-rails"
          unless true
            gem "pry", group: :test
          end
        end
        gem "vcr", groups: [:test]
        group :test do gem "webmock" end
        group(:development) { gem "listen" }
        text = <<~TEXT
          gem "in-a-heredoc"
        TEXT
        options = { "a" => %w[gem no] }
        gem "after"
        """,
    )
    assert rows(manifest) == [
        ("gem", "rails", "~> 7.1, >= 7.1.2", "production", True, 3),
        ("gem", "ruby-openai", "", "production", True, 4),
        ("gem", "langchainrb", "git+https://github.com/patterns-ai-core/langchainrb", "production", True, 5),
        ("gem", "rspec-rails", "", "development", True, 7),
        ("gem", "pry", "", "test", True, 9),
        ("gem", "vcr", "", "test", True, 12),
        ("gem", "webmock", "", "test", True, 13),
        ("gem", "listen", "", "development", True, 14),
        ("gem", "after", "", "production", True, 19),
    ]


def test_gemspec_and_gemfile_lock(read, rows):
    manifest = read(
        "acme.gemspec",
        """
        Gem::Specification.new do |spec|
          spec.name = "acme-ai"
          spec.version = "0.1"
          spec.executables = ["acme"] + spec.files.grep(%r{^exe/"}) + spec.files.grep(/^bin'/)
          spec.files = `git ls-files`.split("\\x0")
          spec.add_dependency "ruby-openai", ">= 6"
          spec.add_runtime_dependency(%q<anthropic>.freeze, ["~> 0.1"])
          spec.add_development_dependency "rspec"
        end
        """,
    )
    assert rows(manifest) == [
        ("gem", "ruby-openai", ">= 6", "production", True, 6),
        ("gem", "anthropic", "~> 0.1", "production", True, 7),
        ("gem", "rspec", "", "development", True, 8),
    ]
    assert (manifest.project.name, manifest.project.version, manifest.project.line) == ("acme-ai", "0.1", 2)
    assert manifest.project.entry_points == ("acme",)
    lock = read(
        "Gemfile.lock",
        """
        PATH
          remote: .
          specs:
            acme-ai (0.1)
        GEM
          remote: https://rubygems.org/
          specs:
            faraday (2.9.0)
              faraday-net_http (>= 2.0)
            ruby-openai (6.5.0)
              faraday (>= 1)

        DEPENDENCIES
          acme-ai!
          ruby-openai (>= 6)
        """,
    )
    assert rows(lock) == [
        ("gem", "faraday", "2.9.0", "production", False, 8),
        ("gem", "ruby-openai", "6.5.0", "production", True, 10),
    ]


def test_composer(read, rows):
    manifest = read(
        "composer.json",
        """
        {
          "name": "Acme/Shop",
          "bin": ["bin/shop"],
          "require": { "php": ">=8.2", "ext-json": "*", "OpenAI-php/client": "^0.10" },
          "require-dev": { "phpunit/phpunit": "^11" }
        }
        """,
    )
    assert rows(manifest) == [
        ("composer", "openai-php/client", "^0.10", "production", True, 4),
        ("composer", "phpunit/phpunit", "^11", "development", True, 5),
    ]
    assert (manifest.project.name, manifest.project.entry_points) == ("acme/shop", ("bin/shop",))
    lock = read(
        "composer.lock",
        """
        {
          "packages": [
            {
              "name": "openai-php/client",
              "version": "v0.10.1"
            }
          ],
          "packages-dev": [{ "name": "phpunit/phpunit", "version": "11.0.0" }]
        }
        """,
    )
    assert rows(lock) == [
        ("composer", "openai-php/client", "v0.10.1", "production", False, 4),
        ("composer", "phpunit/phpunit", "11.0.0", "development", False, 8),
    ]


def test_swift_package(read, rows):
    manifest = read(
        "Package.swift",
        """
        // swift-tools-version: 5.9
        import PackageDescription
        let package = Package(
            name: "AcmeKit",
            products: [.executable(name: "acme", targets: ["Acme"])],
            dependencies: [
                .package(url: "https://github.com/MacPaw/OpenAI.git", from: "0.2.0"),
                // .package(url: "https://github.com/x/commented", from: "1.0.0"),
                .package(url: "git@github.com:pointfreeco/swift-snapshot-testing", branch: "main"),
                .package(id: "mona.LinkedList", .upToNextMajor(from: "1.0.0")),
                .package(path: "../Local"),
            ],
            targets: [
                .target(name: "Acme", dependencies: [.product(name: "OpenAI", package: "OpenAI")]),
                .testTarget(name: "AcmeTests", dependencies: [
                    "Acme",
                    .product(name: "SnapshotTesting", package: "swift-snapshot-testing"),
                ]),
            ]
        )
        """,
    )
    assert rows(manifest) == [
        ("swift", "macpaw/openai", "0.2.0", "production", True, 7),
        ("swift", "pointfreeco/swift-snapshot-testing", "main", "test", True, 9),
        ("swift", "mona/linkedlist", "1.0.0", "production", True, 10),
    ]
    assert (manifest.project.name, manifest.project.line) == ("AcmeKit", 4)
    assert manifest.project.entry_points == ("acme",)


def test_swift_resolved_of_both_formats(read, rows):
    second = read(
        "Package.resolved",
        """
        { "pins": [ {
            "identity": "openai", "kind": "remoteSourceControl",
            "location": "https://github.com/MacPaw/OpenAI.git",
            "state": { "revision": "aa", "version": "0.2.4" }
        } ], "version": 2 }
        """,
    )
    assert rows(second) == [("swift", "macpaw/openai", "0.2.4", "production", False, 3)]
    first = read(
        "Package.resolved",
        """
        { "object": { "pins": [ {
            "package": "OpenAI", "repositoryURL": "https://github.com/MacPaw/OpenAI",
            "state": { "branch": "main", "revision": "aa", "version": null }
        } ] }, "version": 1 }
        """,
    )
    assert rows(first) == [("swift", "macpaw/openai", "main", "production", False, 2)]


def test_cocoapods(read, rows):
    manifest = read(
        "ios/Podfile",
        """
        platform :ios, '15.0'
        target 'Acme' do
          use_frameworks!
          pod 'GoogleMLKit/FaceDetection', '~> 4.0'
          pod 'OpenAISwift', :git => 'https://github.com/adamrushy/OpenAISwift.git'
          # pod 'Commented'
          target 'AcmeTests' do
            pod 'Quick'
          end
        end
        """,
    )
    assert rows(manifest) == [
        ("cocoapods", "GoogleMLKit", "~> 4.0", "production", True, 4),
        ("cocoapods", "OpenAISwift", "git+https://github.com/adamrushy/OpenAISwift.git", "production", True, 5),
        ("cocoapods", "Quick", "", "test", True, 8),
    ]
    lock = read(
        "ios/Podfile.lock",
        """
        PODS:
          - GoogleMLKit/FaceDetection (4.0.0):
            - GoogleMLKit/MLKitCore
            - MLKitFaceDetection (~> 3.0.0)
          - GoogleMLKit/MLKitCore (4.0.0)
          - MLKitFaceDetection (3.0.0)
        DEPENDENCIES:
          - GoogleMLKit/FaceDetection (~> 4.0)
        """,
    )
    assert rows(lock) == [
        ("cocoapods", "GoogleMLKit", "4.0.0", "production", True, 2),
        ("cocoapods", "MLKitFaceDetection", "3.0.0", "production", False, 6),
    ]
    spec = read(
        "Acme.podspec",
        """
        Pod::Spec.new do |s|
          s.name = 'Acme'
          s.version = '1.0'
          s.dependency 'TensorFlowLiteSwift', '~> 2.14'
          s.test_spec 'Tests' do |t|
            t.dependency 'Nimble'
          end
        end
        """,
    )
    assert rows(spec) == [
        ("cocoapods", "TensorFlowLiteSwift", "~> 2.14", "production", True, 4),
        ("cocoapods", "Nimble", "", "test", True, 6),
    ]
    assert (spec.project.ecosystem, spec.project.name) == ("cocoapods", "Acme")


def test_dart(read, rows):
    manifest = read(
        "pubspec.yaml",
        """
        name: acme_app
        description: >-
          An app. dart_openai: not this
        version: 1.0.0+1
        publish_to: none
        dependencies:
          flutter:
            sdk: flutter
          dart_openai: ^5.1.0
          google_generative_ai: "^0.4.0"   # Gemini
          tflite:
            git:
              url: https://github.com/acme/tflite.git
              ref: main
          core:
            path: ../core
        dev_dependencies:
          lints: ^4.0.0
        """,
    )
    assert rows(manifest) == [
        ("pub", "dart_openai", "^5.1.0", "production", True, 9),
        ("pub", "google_generative_ai", "^0.4.0", "production", True, 10),
        ("pub", "tflite", "git+https://github.com/acme/tflite.git", "production", True, 11),
        ("pub", "core", "path:../core", "production", True, 15),
        ("pub", "lints", "^4.0.0", "development", True, 18),
    ]
    assert (manifest.project.name, manifest.project.version, manifest.project.private) == ("acme_app", "1.0.0+1", True)
    lock = read(
        "pubspec.lock",
        """
        packages:
          dart_openai:
            dependency: "direct main"
            description:
              name: dart_openai
            source: hosted
            version: "5.1.0"
          http:
            dependency: transitive
            source: hosted
            version: "1.2.0"
          sky_engine:
            dependency: transitive
            source: sdk
            version: "0.0.99"
        """,
    )
    assert rows(lock) == [
        ("pub", "dart_openai", "5.1.0", "production", True, 2),
        ("pub", "http", "1.2.0", "production", False, 8),
    ]


def test_elixir(read, rows):
    manifest = read(
        "mix.exs",
        """
        defmodule Acme.MixProject do
          use Mix.Project
          @version "0.3.0"
          def project do
            [app: :acme, version: @version, deps: deps(), aliases: [setup: ["deps.get"]], docs: [{:no, "1"}]]
          end
          def application, do: [mod: {Acme.Application, []}]
          defp deps do
            [
              {:openai, "~> 0.6"},
              # {:commented, "~> 1.0"},
              {:bumblebee, github: "elixir-nx/bumblebee"},
              {:lang, "~> 0.3", hex: :langchain, optional: true},
              {:credo, "~> 1.7", only: [:dev, :test], runtime: false},
              {:mox, ">= 0.0.0", only: :test},
              {:core, in_umbrella: true}
            ]
          end
          defp releases, do: [acme: [steps: [{:ok, "no"}]]]
        end
        """,
    )
    assert rows(manifest) == [
        ("hex", "openai", "~> 0.6", "production", True, 10),
        ("hex", "bumblebee", "git+https://github.com/elixir-nx/bumblebee", "production", True, 12),
        ("hex", "langchain", "~> 0.3", "optional", True, 13),
        ("hex", "credo", "~> 1.7", "development", True, 14),
        ("hex", "mox", ">= 0.0.0", "test", True, 15),
        ("hex", "core", "workspace", "production", True, 16),
    ]
    assert (manifest.project.name, manifest.project.version, manifest.project.line) == ("acme", "0.3.0", 5)
    inline = read(
        "mix.exs",
        """
        defmodule A do
          def project do
            [deps: [{:nx, "~> 0.7"}, {:axon, [path: "../axon"]}], docs: [{:no, "1"}]]
          end
        end
        """,
    )
    assert rows(inline) == [
        ("hex", "nx", "~> 0.7", "production", True, 3),
        ("hex", "axon", "path:../axon", "production", True, 3),
    ]
    lock = read(
        "mix.lock",
        """
        %{
          "openai": {:hex, :openai, "0.6.1", "ad86", [:mix], [{:httpoison, "~> 2.0", []}], "hexpm", "48"},
          "bumblebee": {:git, "https://github.com/elixir-nx/bumblebee.git", "aa", []},
        }
        """,
    )
    assert rows(lock) == [
        ("hex", "openai", "0.6.1", "production", False, 2),
        ("hex", "bumblebee", "git+https://github.com/elixir-nx/bumblebee.git", "production", False, 3),
    ]


def test_r(read, rows):
    manifest = read(
        "DESCRIPTION",
        """
        Package: acmeml
        Version: 0.2.0
        Description: Uses openai: but not
            as a package.
        Depends: R (>= 4.1), keras3 (>= 1.0)
        Imports:
            httr2 (>= 1.0.0),
            ellmer,
        Suggests: testthat, torch
        LinkingTo: Rcpp
        """,
    )
    assert rows(manifest) == [
        ("cran", "keras3", ">= 1.0", "production", True, 5),
        ("cran", "httr2", ">= 1.0.0", "production", True, 7),
        ("cran", "ellmer", "", "production", True, 8),
        ("cran", "Rcpp", "", "build", True, 10),
        ("cran", "testthat", "", "optional", True, 9),
        ("cran", "torch", "", "optional", True, 9),
    ]
    assert (manifest.project.name, manifest.project.version) == ("acmeml", "0.2.0")
    assert read("docs/DESCRIPTION", "A text: about things\nImports nothing\n").dependencies == ()
    lock = read("renv.lock", '{"Packages": {\n"ellmer": {"Package": "ellmer", "Version": "0.1.0"}}}')
    assert rows(lock) == [("cran", "ellmer", "0.1.0", "production", False, 2)]


def test_julia(read, rows):
    manifest = read(
        "Project.toml",
        """
        name = "AcmeML"
        uuid = "7876af07-990d-54b4-ab0e-23690620f79a"
        version = "0.1.0"
        [deps]
        Flux = "587475ba-b771-5e3f-ad9e-33799f191a9c"
        [weakdeps]
        CUDA = "052768ef-5323-5732-b1bb-66c8b64840ba"
        [extras]
        Test = "8dfed614-e22c-5e08-85e1-65c5234f0b40"
        [compat]
        Flux = "0.14"
        [targets]
        test = ["Test"]
        """,
    )
    assert rows(manifest) == [
        ("julia", "Flux", "0.14", "production", True, 5),
        ("julia", "CUDA", "", "optional", True, 7),
        ("julia", "Test", "", "test", True, 9),
    ]
    second = read(
        "Manifest.toml",
        """
        manifest_format = "2.0"
        [[deps.Flux]]
        uuid = "587475ba-b771-5e3f-ad9e-33799f191a9c"
        version = "0.14.15"
        """,
    )
    assert rows(second) == [("julia", "Flux", "0.14.15", "production", False, 2)]
    first = read("Manifest.toml", '[[Flux]]\nuuid = "587475ba-b771-5e3f-ad9e-33799f191a9c"\nversion = "0.11"\n')
    assert rows(first) == [("julia", "Flux", "0.11", "production", False, 1)]
    assert read("Project.toml", 'title = "another tool"\n').project is None


def test_conan_and_vcpkg(read, rows):
    text = read(
        "conanfile.txt",
        """
        [requires]
        onnxruntime/1.18.1@acme/stable#abc
        # zlib/1.0
        [tool_requires]
        cmake/[>=3.25 <4]
        [generators]
        CMakeDeps
        """,
    )
    assert rows(text) == [
        ("conan", "onnxruntime", "1.18.1", "production", True, 2),
        ("conan", "cmake", "[>=3.25 <4]", "build", True, 5),
    ]
    recipe = read(
        "conanfile.py",
        """
        from conan import ConanFile
        class Acme(ConanFile):
            name = "acme"
            version = "1.0"
            requires = "libtorch/2.2.0", ("fmt/10.2.1", "override")
            def requirements(self):
                self.requires("llama-cpp/b3040")  # "commented/1"
            def build_requirements(self):
                self.tool_requires("ninja/1.11")
                self.test_requires("gtest/1.14.0")
        """,
    )
    assert rows(recipe) == [
        ("conan", "libtorch", "2.2.0", "production", True, 5),
        ("conan", "fmt", "10.2.1", "production", True, 5),
        ("conan", "llama-cpp", "b3040", "production", True, 7),
        ("conan", "ninja", "1.11", "build", True, 9),
        ("conan", "gtest", "1.14.0", "test", True, 10),
    ]
    assert (recipe.project.name, recipe.project.version, recipe.project.line) == ("acme", "1.0", 3)
    port = read(
        "vcpkg.json",
        """
        {
          "name": "acme", "version-semver": "1.0.0",
          "dependencies": [
            "fmt",
            { "name": "onnxruntime-gpu", "version>=": "1.17" },
            { "name": "vcpkg-cmake", "host": true }
          ],
          "features": { "cuda": { "dependencies": ["cudnn"] } }
        }
        """,
    )
    assert rows(port) == [
        ("vcpkg", "fmt", "", "production", True, 4),
        ("vcpkg", "onnxruntime-gpu", "1.17", "production", True, 5),
        ("vcpkg", "vcpkg-cmake", "", "build", True, 6),
        ("vcpkg", "cudnn", "", "optional", True, 8),
    ]


def test_cmake(read, rows):
    manifest = read(
        "CMakeLists.txt",
        """
        cmake_minimum_required(VERSION 3.20)
        project(acme VERSION 1.4 LANGUAGES CXX)
        # find_package(Commented REQUIRED)
        #[[ find_package(AlsoCommented)
        ]]
        find_package(Torch 2.1 REQUIRED)
        FIND_PACKAGE( ${NAME} )
        include(FetchContent)
        FetchContent_Declare(
          llama
          GIT_REPOSITORY https://github.com/ggml-org/llama.cpp.git
          GIT_TAG b3040 # a tag (in a comment)
        )
        CPMAddPackage("gh:nlohmann/json@3.11.2")
        CPMAddPackage(NAME whisper VERSION 1.6 GITHUB_REPOSITORY ggerganov/whisper.cpp)
        message("find_package(InAString)")
        """,
    )
    assert rows(manifest) == [
        ("vcpkg", "torch", "2.1", "production", True, 6),
        ("vcpkg", "llama.cpp", "b3040", "production", True, 11),
        ("vcpkg", "json", "3.11.2", "production", True, 14),
        ("vcpkg", "whisper.cpp", "1.6", "production", True, 15),
    ]
    assert (manifest.project.name, manifest.project.version, manifest.project.line) == ("acme", "1.4", 2)
