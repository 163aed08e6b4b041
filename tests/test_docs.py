"""Documents match the code: everything in it is documented, and everything documented exists."""

import ast
import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from backend.activities import KINDS
from backend.app import create_app
from backend.cli import main as linka
from backend.config import Settings, load_settings
from backend.db import Model
from backend.errors import LinkaError, TooManyRequests, Unavailable
from backend.events.templates import ActivitySchema, SittingSchema, TemplateSchema
from backend.phones.conversation import CLOSES
from backend.web.errors import body_outside
from backend.web.schema import Schema
from miniprogram_stub.cli import main as stub
from tests.callers import kinds

ROOT = Path(__file__).parent.parent
SETTINGS = [f"LINKA_{field.name.upper()}" for field in dataclasses.fields(Settings)]
DOCUMENTS = (
    *("README.md", "README.zh-CN.md", "docs/operating.md", "docs/api.md"),
    *("deploy/linka.env", "deploy/linka@.service", "deploy/linka-backup.service"),
    *("deploy/nginx.conf", "deploy/compose.yaml"),
)
MAP = "docs/architecture.md"
MARKDOWN = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("fixtures/**/*.md"))
)
# Errors that have no class of their own.
HTTP_SLUGS = {
    "bad_request",
    "not_found",
    "method_not_allowed",
    "too_large",
    "request_timeout",
    "unsupported_media_type",
    "invalid",
    "internal",
    "uri_too_long",
    "headers_too_large",
    "expectation_failed",
    "not_implemented",
}


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _section(name: str, title: str) -> str:
    """Return the text under a heading."""
    return _text(name).partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _rows(section: str) -> list[list[str]]:
    """Return the cells of the rows of its tables."""
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


# --- settings


@pytest.mark.parametrize("setting", SETTINGS)
def test_setting_is_documented(setting: str) -> None:
    assert [row[0] for row in _rows(_section("docs/operating.md", "Settings"))].count(
        f"`{setting}`"
    ) == 1


def test_documented_settings_are_there() -> None:
    named = set()
    for name in DOCUMENTS:
        named |= set(re.findall(r"LINKA_[A-Z_]+[A-Z]", _text(name)))
    assert named - set(SETTINGS) == set()


@pytest.mark.parametrize(
    "name", ["env", "bind", "workers", "debug", "timezone", "day_boundary_hour", "log_level"]
)
def test_documented_default_is_the_default(name: str) -> None:
    rows = {row[0]: row[1] for row in _rows(_section("docs/operating.md", "Settings"))}
    value = str(getattr(load_settings({}), name))
    assert rows[f"`LINKA_{name.upper()}`"].lower() == f"`{value.lower()}`"


# --- commands


def _members(group: click.Group) -> dict[str, click.Command]:
    """Return the commands of a group that help shows."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command and not command.hidden}


def _commands(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    for name, command in _members(group).items():
        if isinstance(command, click.Group):
            yield from _commands(command, *before, name)
        else:
            yield (*before, name)


def _cells_about(path: tuple[str, ...]) -> str:
    """Return those cells of the table that name a command of the same group."""
    start = " ".join(["linka", *path[:-1]])
    rows = _rows(_section("docs/operating.md", "Commands"))
    return " ".join(row[0] for row in rows if re.search(rf"`{start}\b", row[0]))


@pytest.mark.parametrize("path", list(_commands(linka)), ids=" ".join)
def test_command_is_documented(path: tuple[str, ...]) -> None:
    assert re.search(rf"[` ]{path[-1]}[` \[]", _cells_about(path)), path


@pytest.mark.parametrize("path", list(_commands(linka)), ids=" ".join)
def test_options_of_a_command_are_documented(path: tuple[str, ...]) -> None:
    command: click.Command = linka
    for name in path:
        assert isinstance(command, click.Group)
        command = _members(command)[name]
    options = [option for option in command.params if isinstance(option, click.Option)]
    missing = [option.opts[0] for option in options if option.opts[0] not in _cells_about(path)]
    assert missing == []


@pytest.mark.parametrize("name", stub.list_commands(click.Context(stub)))
def test_stub_command_is_documented(name: str) -> None:
    assert f"`linka-stub {name}" in _section("docs/operating.md", "Commands")


def test_documented_commands_are_there() -> None:
    known = {" ".join(path) for path in _commands(linka)} | set(_members(linka))
    for name in DOCUMENTS:
        for words in re.findall(r"`linka ([a-z]+(?: [a-z]+)?)", _text(name)):
            assert words in known or words.split()[0] in known, (name, words)


@pytest.mark.parametrize("target", ["run", "test"])
@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_begins_with_the_two_commands(readme: str, target: str) -> None:
    first_screen = "\n".join(_text(readme).splitlines()[:40])
    assert f"make {target}" in first_screen
    assert re.search(r"!\[.*\]\(.+\)", first_screen), "no picture"


@pytest.mark.parametrize(
    "target", ["help", "run", "install", "demo", "test", "check", "bench", "clean"]
)
def test_make_target_is_described(target: str) -> None:
    assert re.search(rf"(?m)^{target}:.* ## .+", _text("Makefile"))


# --- templates

SETTINGS_SCHEMAS: dict[str, tuple[type[Schema], ...]] = {
    name: kind.SETTINGS for name, kind in kinds()
}
# Schemas of parts of settings, whose defaults the document does not list.
UNTOLD_DEFAULTS = {part for _, kind in kinds() for part in getattr(kind, "PARTS", ())}


def test_every_kind_has_its_settings_documented() -> None:
    rows = {
        row[0].strip("`"): row[1] for row in _rows(_section("docs/operating.md", "Event templates"))
    }
    assert SETTINGS_SCHEMAS.keys() == {kind.name for kind in KINDS}
    for kind, schemas in SETTINGS_SCHEMAS.items():
        for schema in schemas:
            for name, field in schema().fields.items():
                assert re.search(rf"[`{{ ]{name}[`,}}]", rows[kind]), (kind, name)
                default = field.load_default
                if isinstance(default, (bool, int)):
                    shown = str(default).lower()
                    assert schema in UNTOLD_DEFAULTS or re.search(
                        rf"`{name}` \({shown}[;:,)]", rows[kind]
                    ), (kind, name)


@pytest.mark.parametrize("schema", [TemplateSchema, ActivitySchema, SittingSchema])
def test_every_field_of_a_template_is_documented(schema: type[Schema]) -> None:
    text = _section("docs/operating.md", "Event templates")
    for name in schema().fields:
        assert re.search(rf"[`{{ ]{name}[`,}}]", text), name


# --- services


@pytest.mark.parametrize("unit", ["deploy/linka@.service", "deploy/linka-backup.service"])
def test_services_are_started_again_for_ever(unit: str) -> None:
    assert re.search(r"(?ms)^\[Unit\]$.*^StartLimitIntervalSec=0$.*^\[Service\]$", _text(unit))
    assert re.search(r"(?m)^Restart=always$", _text(unit))


def test_a_service_and_the_image_are_installed_alike() -> None:
    # `console` installs the libraries of the hosts' pages, which git does not have.
    made = "make install console"
    assert made in (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    assert made in _section("docs/operating.md", "As a service")


def test_an_installation_has_compiled_code() -> None:
    # A service and a container may not write into the folder of the code.
    compiles = r"(?m)^install: .+\n\t.+ -m compileall -q backend miniprogram_stub$"
    assert re.search(compiles, _text("Makefile"))


def test_containers_run_commands_that_are_there() -> None:
    services = yaml.safe_load(_text("deploy/compose.yaml"))["services"]
    ours = {name: one for name, one in services.items() if one["image"] == "linka"}
    assert set(ours) == {"migrate", "node", "worker"}
    for service in ours.values():
        assert service["command"] in _members(linka)
        assert set(service["environment"]) <= set(SETTINGS)
    # What the container of nginx replaces.
    site = _text("deploy/nginx.conf")
    replaced = re.findall(r"s([/#])(.+?)\1.+?\1", services["nginx"]["command"])
    assert [words for _, words in replaced] == [
        "server 127.0.0.1:8000 ",
        *dict.fromkeys(re.findall(r"_log (\S+)", site)),
    ]
    assert "    server 127.0.0.1:8000 " in site


def test_secrets_of_containers_come_neither_into_git_nor_into_the_image() -> None:
    services = yaml.safe_load(_text("deploy/compose.yaml"))["services"].values()
    secret = {"deploy/.env", "deploy/certificates"}
    secret |= {f"deploy/{one['env_file']}" for one in services if "env_file" in one}
    for ignoring in (".gitignore", ".dockerignore"):
        assert secret <= {line.rstrip("/") for line in _text(ignoring).splitlines()}


# --- nginx


def test_nginx_logs_no_query() -> None:
    config = "\n".join(
        line for line in _text("deploy/nginx.conf").splitlines() if not line.strip().startswith("#")
    )
    logs = re.findall(r"(?m)^\s*(access_log|error_log) (.+);", config)
    assert {tuple(words.split()[1:]) for _, words in logs} == {("linka",), ("crit",)}
    assert config.count("access_log") == config.count("error_log") == config.count("server {") == 2
    [form] = re.findall(r"log_format linka (.+?);", config, re.S)
    assert not re.search(r"\$(request|request_uri|uri|args|query_string|http_referer)\b", form)


@pytest.mark.parametrize(
    "directive",
    [
        "add_header Strict-Transport-Security",
        "limit_conn linka_connections",
        "client_header_timeout",
        "client_body_timeout",
    ],
)
def test_nginx_has_the_limits(directive: str) -> None:
    assert re.search(rf"(?m)^    {directive} ", _text("deploy/nginx.conf"))


def test_nginx_answers_as_linka_does_while_it_is_away() -> None:
    config = _text("deploy/nginx.conf")
    assert re.search(r"(?m)^    error_page 502 503 504 =503 @away;$", config)
    [away] = re.findall(r"(?ms)^    location @away \{\n(.+?)^    \}$", config)
    assert re.search(r"(?m)^ +default_type application/json;$", away)
    assert re.search(r"(?m)^ +add_header Retry-After \d+ always;$", away)
    assert re.search(r"(?m)^ +add_header Strict-Transport-Security ", away)
    assert "return 503 '" in away


def test_what_nginx_refuses_is_worded_as_linka_words_it() -> None:
    # Every answer that nginx gives by itself, except the redirection to HTTPS.
    answers = re.findall(r"(?m)^ +return (\d+) '(.+)';$", _text("deploy/nginx.conf"))
    assert {int(status) for status, _ in answers} == {400, 403, 405, 413, 414, 429, 431, 503}
    worded = {429: TooManyRequests().body("zh"), 503: Unavailable().body("zh")}
    for status, text in answers:
        expected = body_outside(int(status)) | worded.get(int(status), {})
        assert json.loads(text) == expected


# --- errors


Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Document:
    """Return the OpenAPI document; with it every error of the app is known."""
    folder = tmp_path_factory.mktemp("documented")
    app = create_app(load_settings({"LINKA_DATA_DIR": str(folder)}))
    found = app.test_client().get("/api/openapi.json").json
    app.extensions["linka.redis"].close()
    app.extensions["linka.database"].close()
    assert found is not None
    return found


def _errors(parent: type[LinkaError] = LinkaError) -> Iterator[type[LinkaError]]:
    for error in parent.__subclasses__():
        yield error
        yield from _errors(error)


def _documented_errors() -> dict[str, set[str]]:
    """Return {slug: statuses} of the table of errors."""
    found = {}
    for slugs, statuses, _ in _rows(_section("docs/api.md", "Errors")):
        for slug in re.findall(r"`(\w+)`", slugs):
            found[slug] = set(re.findall(r"\d+", statuses))
    return found


def test_every_error_is_documented_with_its_status(document: Document) -> None:
    documented = _documented_errors()
    missing = {
        (error.slug, error.status)
        for error in _errors()
        if str(error.status) not in documented.get(error.slug, ())
    }
    assert missing == set()


def test_errors_of_http_are_documented() -> None:
    assert HTTP_SLUGS - _documented_errors().keys() == set()


def test_documented_errors_are_there(document: Document) -> None:
    known = {error.slug for error in _errors()} | HTTP_SLUGS
    assert _documented_errors().keys() - known == set()


def test_every_error_speaks_chinese_and_english(document: Document) -> None:
    for error in _errors():
        if error.zh != "{reason}":
            assert re.search(r"[\u4e00-\u9fff]", error.zh), error
            assert re.search(r"[A-Za-z]{3}", error.en), error


def test_every_refusal_that_an_operation_names_is_an_error(document: Document) -> None:
    known = {error.slug for error in _errors()} | HTTP_SLUGS
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status, answer in operation["responses"].items() if method != "parameters" else ():
                if status.startswith(("4", "5")) and re.fullmatch(
                    r"[a-z_]+(, [a-z_]+)*", answer.get("description", "")
                ):
                    named = set(answer["description"].split(", "))
                    assert named <= known, (method, path, status)


# --- operations


def test_every_operation_is_documented(document: Document) -> None:
    text = _section("docs/api.md", "Operations")
    for path in document["paths"]:
        last = [part for part in path.split("/") if not part.startswith("{")][-1]
        assert re.search(rf"[/`]{re.escape(last)}\b", text), path


def test_every_operation_says_who_may_call_it(document: Document) -> None:
    who = re.compile(
        r"\b([Aa]nyone|[Ss]taff|[Ll]eaders|[Hh]osts?|[Pp]layers|[Tt]rainers|[Aa]dmins|[Ss]creens)\b"
    )
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                said = operation.get("summary", "") + operation.get("description", "")
                assert who.search(said), (method, path, said)


# --- messages


def test_every_message_of_the_socket_is_documented(tmp_path: Path) -> None:
    app = create_app(load_settings({"LINKA_DATA_DIR": str(tmp_path)}))
    plays = app.extensions["linka.plays"].values()
    rows = _rows(_section("docs/api.md", "A phone's socket"))
    documented = {name for cells in rows for name in re.findall(r"`([\w.]+)`", cells[0])}
    app.extensions["linka.redis"].close()
    app.extensions["linka.database"].close()
    spoken = {kind for play in plays for kind in (*play.messages, *play.told)}
    own = {"ping", "look", "hello", "state", "ack", "refusal", "pong", "beat", "posts.notice"}
    assert documented == spoken | own


def test_every_close_of_the_socket_is_documented() -> None:
    text = _section("docs/api.md", "A phone's socket")
    assert {str(close.code) for close in CLOSES} <= set(re.findall(r"\b4\d\d\d\b", text))


# --- tables and Redis keys


def _models(parent: type[Model] = Model) -> Iterator[type[Model]]:
    for model in parent.__subclasses__():
        yield model
        yield from _models(model)


def test_every_table_is_documented_with_its_package(document: Document) -> None:
    documented = {row[0]: row[1] for row in _rows(_section(MAP, "SQL tables"))}
    assert documented.pop("`schema_migration`")
    expected = {
        f"`{model._meta.table_name}`": f"`{model.__module__.rpartition('.')[0].replace('.', '/')}`"
        for model in _models()
        # Tests have kinds, and tables, of their own.
        if model.__module__.startswith("backend.")
    }
    assert documented == expected


def _parts(node: ast.expr) -> str:
    """Return a text of the code with `*` for each value that is put in; nothing for other nodes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _parts(part) if isinstance(part, ast.Constant) else "*" for part in node.values
        )
    return ""


def _keys_in_code() -> Iterator[tuple[str, str]]:
    """Yield (file, beginning of a Redis key, or `*` and its end) of everything that builds keys."""
    for path in sorted((ROOT / "backend").rglob("*.py")):
        code = path.read_text(encoding="utf-8")
        name = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(code)):
            text = _parts(node) if isinstance(node, ast.expr) else ""
            # QR codes and lines of commands begin with `linka:`, too.
            if (
                re.match(r"linka:(?!join:|bind:)\S", text)
                or re.fullmatch(r"\*:[a-z]+", text)
                and "redis" in code
            ):
                yield name, text
        # Of scripts: keys of an event, and of one build of its boards.
        for start, script in re.findall(r"\b(here|prefix) \.\. '(\w+)", code):
            yield name, f"linka:{{e*}}:{'*:' if start == 'prefix' else ''}{script}"
        for script in re.findall(r"\b(?:key|KEYS\[\d\]) \.\. '(:\w+)", code):
            yield name, f"*{script}"


def test_every_redis_key_is_documented() -> None:
    named = re.findall(r"`([^`]+)`", "".join(row[0] for row in _rows(_section(MAP, "Redis keys"))))
    documented = [re.sub(r"<\w+>", "*", key) for key in named]
    missing = {
        (file, key)
        for file, key in _keys_in_code()
        if not any(
            known.endswith(key.removeprefix("*")) if key[0] == "*" else known.startswith(key)
            for known in documented
        )
    }
    assert missing == set()


# --- decisions

DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_decision_has_a_number_a_status_and_a_date(decision: Path) -> None:
    heading, blank, status, date, *_ = decision.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(rf"# {int(decision.name[:4])}\. .+", heading)
    assert blank == ""
    assert status.startswith(("Status: accepted", "Status: superseded"))
    assert re.fullmatch(r"Date: \d{4}-\d\d-\d\d", date)


def test_the_index_lists_every_decision_once_with_its_title() -> None:
    listed = re.findall(r"(?m)^- \[(.+)\]\((0.+)\)$", _text("docs/decisions/README.md"))
    titles = [
        (path.read_text(encoding="utf-8").splitlines()[0][2:], path.name) for path in DECISIONS
    ]
    assert sorted(listed) == sorted(titles)


# --- links


@pytest.mark.parametrize("document", MARKDOWN)
def test_links_lead_to_files_and_headings(document: str) -> None:
    text = re.sub(r"(?s)```.*?```", "", _text(document))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"[a-z]+:", target):
            name, _, heading = target.partition("#")
            path = (ROOT / document).parent / name if name else ROOT / document
            assert path.exists(), (document, target)
            if heading:
                titles = re.findall(r"(?m)^#+ (.+)$", path.read_text(encoding="utf-8"))
                anchors = {
                    re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles
                }
                assert heading in anchors, (document, target)


def test_both_readmes_have_the_same_tables_and_links() -> None:
    def shape(name: str) -> tuple[set[str], int]:
        text = _text(name)
        links = set(re.findall(r"\]\(([^)\s]+)\)", text)) - {"README.md", "README.zh-CN.md"}
        return links, len(re.findall(r"(?m)^\|", text))

    assert shape("README.md") == shape("README.zh-CN.md")


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_names_every_kind(readme: str) -> None:
    assert {kind.name for kind in KINDS} <= set(re.findall(r"[a-z]+", _text(readme)))


# --- files that documents name

FOLDERS = ("backend", "deploy", "docs", "fixtures", "miniprogram_stub", "tests")
FILES = {
    str(path.relative_to(ROOT)) for folder in FOLDERS for path in (ROOT / folder).rglob("*")
} | {path.name for path in ROOT.iterdir()}
PACKAGES = [path.name for path in (ROOT / "backend").iterdir() if path.is_dir()]
# A path that begins with a folder or a package, or a file of code; `<kind>` stands for any kind.
_NAMED = re.compile(
    rf"(?:{'|'.join([*FOLDERS, *PACKAGES])})(?:/[\w.@<>-]+)+/?|[\w-]+\.(?:py|js|css)"
)
_MODULE = re.compile(r"(?:backend|tests|miniprogram_stub)(?:\.[a-z_]+)+")


def _is_there(name: str) -> bool:
    """Say whether a file or folder is there, named from the root or from a package on."""
    pattern = re.escape(name.rstrip("/")).replace("<kind>", "[a-z]+")
    return any(re.search(rf"(?:^|/){pattern}$", path) for path in FILES)


@pytest.mark.parametrize("document", MARKDOWN)
def test_files_that_a_document_names_are_there(document: str) -> None:
    text = re.sub(r"(?s)```.*?```", "", _text(document))
    words = {word for code in re.findall(r"`([^`\n]+)`", text) for word in code.split()}
    paths = {word for word in words if _NAMED.fullmatch(word)}
    missing = {path for path in paths if not _is_there(path)}
    assert missing == set()


@pytest.mark.parametrize("document", ["docs/threats.md", "docs/operating.md"])
def test_tests_that_a_document_names_are_there(document: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _text(document))
    missing = [name for file, name in named if f"def {name}(" not in _text(file)]
    assert (missing, len(named) > 20) == ([], True)


@pytest.mark.parametrize("document", [MAP, "docs/contributing.md"])
def test_names_beside_a_file_are_in_that_file(document: str) -> None:
    for line in _text(document).splitlines():
        words = re.findall(r"`([^`]+)`", line) if line.startswith("| ") else []
        files = [ROOT / word for word in words if re.fullmatch(r"backend/[\w/]+\.py", word)]
        code = "".join(file.read_text(encoding="utf-8") for file in files)
        # Constants, classes and functions; not settings, which every file may name.
        names = {
            word for word in words if re.fullmatch(r"(?!LINKA)[A-Z_]{4,}|[a-z]+_[a-z_]+", word)
        }
        missing = {name for name in names if files and name not in code}
        assert missing == set(), line


def test_every_package_is_on_the_map() -> None:
    [_, diagram] = re.findall(r"(?s)```mermaid\n(.*?)```", _text(MAP))
    drawn = set(re.findall(r"\b[a-z]+\b", " ".join(re.findall(r'\["(.*?)"\]', diagram))))
    packages = {name for name in PACKAGES if not name.startswith("_")} - {"migrations"}
    assert packages - drawn == set()


@pytest.mark.parametrize("document", MARKDOWN)
def test_modules_that_a_document_names_are_there(document: str) -> None:
    for code in re.findall(r"`([^`\n]+)`", _text(document)):
        if _MODULE.fullmatch(code):
            path = code.replace(".", "/")
            # The last part may be a name in the module.
            assert {path, f"{path}.py", f"{path.rpartition('/')[0]}.py"} & FILES, code
