"""JavaScript: package.json and its workspaces, Deno, and the lock files of five package managers."""

from __future__ import annotations

import json
import time


def test_package_json(read, rows):
    manifest = read(
        "web/package.json",
        """
        {
          "name": "@acme/chat",
          "version": "1.0.0",
          "private": true,
          "main": "dist/index.js",
          "bin": { "acme-chat": "./cli.js" },
          "workspaces": ["packages/*", "apps/web"],
          "scripts": { "openai": "node x.js" },
          "dependencies": {
            "openai": "^4.0.0",
            "ai-alias": "npm:@ai-sdk/openai@^1.2",
            "@acme/core": "workspace:*",
            "forked": "git+https://user:token@github.com/acme/forked.git#v1"
          },
          "devDependencies": { "typescript": "~5.4" },
          "peerDependencies": { "react": ">=18", "zod": "*" },
          "peerDependenciesMeta": { "zod": { "optional": true } },
          "optionalDependencies": { "onnxruntime-node": "1.18.0" },
          "overrides": { "anthropic": "1" }
        }
        """,
    )
    assert rows(manifest) == [
        ("npm", "openai", "^4.0.0", "production", True, 10),
        ("npm", "@ai-sdk/openai", "^1.2", "production", True, 11),
        ("npm", "@acme/core", "workspace:*", "production", True, 12),
        ("npm", "forked", "git+https://github.com/acme/forked.git#v1", "production", True, 13),
        ("npm", "typescript", "~5.4", "development", True, 15),
        ("npm", "react", ">=18", "production", True, 16),
        ("npm", "zod", "*", "optional", True, 16),
        ("npm", "onnxruntime-node", "1.18.0", "optional", True, 18),
    ]
    project = manifest.project
    assert (project.name, project.version, project.line, project.private) == ("@acme/chat", "1.0.0", 2, True)
    assert project.workspace == ("packages/*", "apps/web")
    assert project.entry_points == ("acme-chat=./cli.js", "main=dist/index.js")


def test_a_truncated_package_json_is_read_as_far_as_it_goes(read):
    manifest = read("package.json", '{\n "dependencies": {\n  "openai": "^4",\n  "zod": "^3"')
    assert [(d.name, d.line) for d in manifest.dependencies] == [("openai", 3), ("zod", 4)]
    assert [(p.line, p.text) for p in manifest.problems] == [(4, "ends inside a bracket")]


def test_merge_conflicts_lose_neither_side(read):
    manifest = read(
        "package.json",
        """
        {
          "dependencies": {
        <<<<<<< HEAD
            "openai": "^4.0.0"
        =======
            "openai": "^4.1.0"
        >>>>>>> feature
          }
        }
        """,
    )
    assert [d.version for d in manifest.dependencies] == ["^4.0.0", "^4.1.0"]
    assert manifest.problems[0].line == 3


def test_encodings_and_line_ends(read):
    text = '{\n"name": "caf\u00e9",\n"dependencies": {"openai": "1"}}'
    for content in (
        text.encode("utf-8-sig"),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode("latin-1"),
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
    ):
        manifest = read("package.json", content)
        assert manifest.problems == ()
        assert [(d.name, d.line) for d in manifest.dependencies] == [("openai", 3)]
        assert manifest.project.name == "caf\u00e9"


def test_package_lock_third_version(read, rows):
    manifest = read(
        "package-lock.json",
        """
        {
          "name": "acme",
          "lockfileVersion": 3,
          "packages": {
            "": {
              "name": "acme",
              "workspaces": ["packages/*"],
              "dependencies": { "openai": "^4.0.0", "sdk": "npm:@ai-sdk/openai@1" },
              "devDependencies": { "vitest": "^1" }
            },
            "packages/core": { "name": "@acme/core", "dependencies": { "zod": "^3" } },
            "node_modules/@acme/core": { "resolved": "packages/core", "link": true },
            "node_modules/openai": { "version": "4.52.0", "dependencies": { "form-data": "^4" } },
            "node_modules/sdk": { "name": "@ai-sdk/openai", "version": "1.0.1" },
            "node_modules/openai/node_modules/zod": { "version": "2.0.0" },
            "node_modules/form-data": { "version": "4.0.0" },
            "node_modules/zod": { "version": "3.23.0", "optional": true },
            "node_modules/vitest": { "version": "1.6.0", "dev": true }
          }
        }
        """,
    )
    assert rows(manifest) == [
        ("npm", "openai", "4.52.0", "production", True, 13),
        ("npm", "@ai-sdk/openai", "1.0.1", "production", True, 14),
        ("npm", "zod", "2.0.0", "production", False, 15),
        ("npm", "form-data", "4.0.0", "production", False, 16),
        ("npm", "zod", "3.23.0", "optional", True, 17),
        ("npm", "vitest", "1.6.0", "development", True, 18),
    ]


def test_package_lock_first_version_nests(read, rows):
    manifest = read(
        "npm-shrinkwrap.json",
        """
        {
          "lockfileVersion": 1,
          "dependencies": {
            "openai": {
              "version": "3.3.0",
              "requires": { "axios": "^0.26" },
              "dependencies": { "axios": { "version": "0.26.1", "dev": true } }
            }
          }
        }
        """,
    )
    assert rows(manifest) == [
        ("npm", "openai", "3.3.0", "production", False, 4),
        ("npm", "axios", "0.26.1", "development", False, 7),
    ]


def test_pnpm_lock_of_today(read, rows):
    manifest = read(
        "pnpm-lock.yaml",
        """
        lockfileVersion: '9.0'
        importers:
          .:
            dependencies:
              openai:
                specifier: ^4.0.0
                version: 4.52.0(zod@3.23.8)
              '@acme/core':
                specifier: workspace:*
                version: link:../core
            devDependencies:
              alias:
                specifier: npm:vitest@1
                version: vitest@1.6.0
        packages:
          openai@4.52.0:
            resolution: {integrity: sha512-aa==}
            hasBin: true
          '@types/node@18.0.0':
            resolution: {integrity: sha512-bb==}
        snapshots:
          openai@4.52.0(zod@3.23.8):
            dependencies:
              '@types/node': 18.0.0
        """,
    )
    assert rows(manifest) == [
        ("npm", "openai", "4.52.0", "production", True, 5),
        ("npm", "vitest", "1.6.0", "development", True, 12),
        ("npm", "@types/node", "18.0.0", "production", False, 19),
    ]


def test_pnpm_lock_of_older_versions(read, rows):
    manifest = read(
        "pnpm-lock.yaml",
        """
        lockfileVersion: 5.4
        specifiers:
          openai: ^3.0.0
        dependencies:
          openai: 3.3.0_zod@3.0.0
        packages:
          /@types/node/18.0.0:
            resolution: {integrity: sha512-bb==}
            dev: true
          /axios/0.26.1_debug@4.0.0:
            resolution: {integrity: sha512-cc==}
          /openai@4.1.0(zod@3.0.0):
            resolution: {integrity: sha512-dd==}
        """,
    )
    assert rows(manifest) == [
        ("npm", "openai", "3.3.0", "production", True, 5),
        ("npm", "@types/node", "18.0.0", "development", False, 7),
        ("npm", "axios", "0.26.1", "production", False, 10),
        ("npm", "openai", "4.1.0", "production", False, 12),
    ]


def test_pnpm_workspace(read, rows):
    manifest = read(
        "pnpm-workspace.yaml",
        """
        packages:
          - 'packages/*'
          - "!**/test/**"
        catalog:
          openai: ^4.52.0
        catalogs:
          next:
            ai: ^5.0.0
        """,
    )
    assert rows(manifest) == [
        ("npm", "openai", "^4.52.0", "production", False, 5),
        ("npm", "ai", "^5.0.0", "production", False, 8),
    ]
    assert manifest.project.workspace == ("packages/*", "!**/test/**")


def test_yarn_lock_of_the_first_generation(read, rows):
    manifest = read(
        "yarn.lock",
        """
        # yarn lockfile v1


        "@types/node@^18.0.0", "@types/node@^18.11.18":
          version "18.19.0"
          resolved "https://registry.yarnpkg.com/@types/node/-/node-18.19.0.tgz#aa"

        openai@^4.0.0:
          version "4.52.0"
          dependencies:
            "@types/node" "^18.11.18"

        "sdk@npm:@ai-sdk/openai@^1":
          version "1.0.0"
        """,
    )
    assert rows(manifest) == [
        ("npm", "@types/node", "18.19.0", "production", False, 4),
        ("npm", "openai", "4.52.0", "production", False, 8),
        ("npm", "@ai-sdk/openai", "1.0.0", "production", False, 13),
    ]


def test_yarn_lock_of_the_second_generation(read, rows):
    manifest = read(
        "yarn.lock",
        """
        __metadata:
          version: 8

        "acme@workspace:.":
          version: 0.0.0-use.local
          resolution: "acme@workspace:."
          dependencies:
            "@types/node": "npm:^18.0.0"
            openai: "npm:^4.0.0"
          languageName: unknown

        "@types/node@npm:^18.0.0, @types/node@npm:^18.11.18":
          version: 18.19.0
          resolution: "@types/node@npm:18.19.0"

        "form-data@npm:^4.0.0":
          version: 4.0.0

        "openai@npm:^4.0.0":
          version: 4.52.0
          dependencies:
            form-data: "npm:^4.0.0"
        """,
    )
    assert rows(manifest) == [
        ("npm", "@types/node", "18.19.0", "production", True, 12),
        ("npm", "form-data", "4.0.0", "production", False, 16),
        ("npm", "openai", "4.52.0", "production", True, 19),
    ]


def test_bun_locks(read, rows):
    manifest = read(
        "bun.lock",
        """
        {
          "lockfileVersion": 1,
          "workspaces": {
            "": {
              "name": "acme",
              "dependencies": { "openai": "^4.0.0", },
              "devDependencies": { "vitest": "^1", },
            },
          },
          "packages": {
            "@acme/core": ["@acme/core@workspace:packages/core"],

            "form-data": ["form-data@4.0.0", "", {}, "sha512-aa"],
            "openai": ["openai@4.52.0", "", { "dependencies": { "form-data": "^4" } }, "sha512-bb"],
            "vitest": ["vitest@1.6.0", "", {}, "sha512-cc"],
          }
        }
        """,
    )
    assert rows(manifest) == [
        ("npm", "form-data", "4.0.0", "production", False, 13),
        ("npm", "openai", "4.52.0", "production", True, 14),
        ("npm", "vitest", "1.6.0", "development", True, 15),
    ]
    binary = read("bun.lockb", b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n\x00\x01")
    assert (binary.kind, binary.lock, binary.dependencies) == ("bun.lockb", True, ())
    assert binary.problems[0].mend == "run `bun install --save-text-lockfile`"


def test_deno(read, rows):
    manifest = read(
        "deno.jsonc",
        """
        {
          // "x": "npm:anthropic"
          "name": "@acme/bot",
          "workspace": ["./core"],
          "imports": {
            "openai": "npm:openai@^4.52.0",
            "@openai/openai": "jsr:@openai/openai@^5",
            "ai/": "npm:/ai@3/",
            "react": "https://esm.sh/react@18.2.0?dev",
            "local/": "./src/", /* fine */
          },
        }
        """,
    )
    assert rows(manifest) == [
        ("npm", "openai", "^4.52.0", "production", True, 6),
        ("npm", "@jsr/openai__openai", "^5", "production", True, 7),
        ("npm", "ai", "3", "production", True, 8),
        ("npm", "react", "18.2.0", "production", True, 9),
    ]
    assert (manifest.project.name, manifest.project.workspace) == ("@acme/bot", ("./core",))
    lock = read(
        "deno.lock",
        """
        {
          "version": "4",
          "specifiers": { "npm:openai@^4.52.0": "4.52.0" },
          "jsr": { "@std/path@1.0.0": { "integrity": "aa" } },
          "npm": {
            "openai@4.52.0_zod@3.0.0": { "integrity": "bb" },
            "@types/node@18.0.0": {}
          },
          "workspace": { "dependencies": ["npm:openai@^4.52.0"] }
        }
        """,
    )
    assert rows(lock) == [
        ("npm", "openai", "4.52.0", "production", True, 6),
        ("npm", "@types/node", "18.0.0", "production", False, 7),
        ("npm", "@jsr/std__path", "1.0.0", "production", False, 4),
    ]


def test_a_lock_of_a_megabyte_is_read_fast_enough_to_be_read_every_time(read):
    package = {"version": "1.2.3", "resolved": "https://registry.npmjs.org/x/-/x-1.2.3.tgz", "integrity": "s" * 90}
    lock = {"packages": {f"node_modules/package-{index}": package for index in range(5000)}}
    content = json.dumps(lock, indent=2).encode()
    assert len(content) > 1_000_000
    began = time.process_time()
    manifest = read("package-lock.json", content, wanted=lambda _, name: name == "package-7")
    assert time.process_time() - began < 0.5
    assert [d.line for d in manifest.dependencies] == [38]
