"""The application factory: builds everything once; requests fetch it through `current` modules."""

import json
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import flask_smorest
from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Rule

from backend.activities import KINDS
from backend.clock import DAY_MS, Clock, SystemClock
from backend.config import WORKER_SOCKETS, Settings
from backend.console import api as console_api
from backend.console import pages as console_pages
from backend.console import preflight_api
from backend.console.hosts import OpenRunPages
from backend.db import Database, open_database
from backend.events import agenda_api, crew_api, own_api, rehearsals_api, setup_api, team_api
from backend.events import api as events_api
from backend.events import current as events
from backend.events.callers import EventCallers
from backend.events.kinds import Kinds, Tools
from backend.events.passes import ScreenPasses
from backend.events.player_counts import EVENTS_KEPT
from backend.identity import api as identity_api
from backend.identity import current as identity
from backend.identity import roster_api, sessions
from backend.identity.logins import SESSION_KEYS, Logins
from backend.identity.short_logins import ShortLogins
from backend.identity.tokens import Tokens
from backend.kept_counts import KeptCounts
from backend.keys import TextCipher
from backend.live import checks
from backend.live.client import connect_redis
from backend.live.draining import Draining
from backend.live.feed import Feed
from backend.live.hub import Hub
from backend.live.pairing import Pairings
from backend.live.presence import Presence
from backend.live.revocations import Revocations
from backend.live.streams import OpenStreams
from backend.live.tickets import Tickets
from backend.lookup import api as lookup_api
from backend.lookup import official_account
from backend.lookup.own import DutyRecords, QuestionRecords
from backend.moderation import api as moderation_api
from backend.moderation.moderator import Moderator as ModerationDesk
from backend.moderation.words import BlockedWords
from backend.offload.process import Offload
from backend.parts import scoring
from backend.people import api as people_api
from backend.people.own import BirthdayRecords
from backend.phones import api as phones_api
from backend.phones.connection import ActivityKinds
from backend.phones.open_sockets import OpenSockets
from backend.phones.silence import SilenceWatch
from backend.phones.waiting import WaitingPhones
from backend.postgres import FOR_REQUESTS
from backend.posts import api as posts_api
from backend.posts import submission_api
from backend.posts.catalog import PostCatalog
from backend.posts.home import HomePages
from backend.posts.own import PostComments, PostRecords, PostSubmissions
from backend.posts.reading import Readings
from backend.questions import api as questions_api
from backend.report import api as report_api
from backend.scoring import api as scoring_api
from backend.scoring.reader import BoardReader
from backend.scoring.short_boards import ShortBoards
from backend.screen import api as screen_api
from backend.screen import landing, media_api, remote_api, stub
from backend.screen.remote import Remote
from backend.web import (
    bodies,
    clients,
    docs,
    errors,
    health,
    measured,
    requests,
    short,
    static_files,
)
from backend.web.blueprint import note_endpoints_with_token
from backend.web.limits import Limits
from backend.web.schema import MAX_ID, ErrorBody
from backend.wechat.client import WeChatClient
from backend.wechat.texts import TextCheck
from backend.wechat.tokens import AccessTokens

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "console": {"type": "apiKey", "in": "cookie", "name": sessions.COOKIE_OVER_HTTPS},
    "screen": {"type": "apiKey", "in": "cookie", "name": "linka_screen_{event_id}"},
}


class _Rule(Rule):
    """A route that compiles what builds its URL when the first one is built: most are never built, and
    the compilation would be a tenth of each start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compiled()(rule, **values)

        return build


class _App(Flask):
    """A Flask app that does not check on each request whether views and hooks are async: none is."""

    url_rule_class = _Rule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function."""
        return func


class _Id(IntegerConverter):
    """An id in a path; a number that no database can hold does not match, which gives 404."""

    regex = "[0-9]+"

    def __init__(self, map: object, *args: object, **kwargs: object) -> None:
        super().__init__(map, *args, **{"max": MAX_ID, **kwargs})  # type: ignore[arg-type]


class _Api(flask_smorest.Api):
    """Puts our error body into the OpenAPI document."""

    ERROR_SCHEMA = ErrorBody

    def __init__(self, app: Flask) -> None:
        # What adds the operations of each blueprint to the document.
        self.descriptions: list[Callable[[], None]] = []
        super().__init__(app)

    @cached_property
    def _document(self) -> str:
        """The OpenAPI document, which takes some 300 ms to write."""
        for describe in self.descriptions:
            describe()
        return json.dumps(self.spec.to_dict(), ensure_ascii=False)

    def _openapi_json(self) -> Response:
        """Serve the document."""
        return Response(self._document, mimetype="application/json")


def create_app(
    settings: Settings,
    clock: Clock | None = None,
    database: Database | None = None,
    kinds: Kinds = KINDS,
) -> Flask:
    """Build the application for these settings."""
    app = routed(settings, kinds)
    equip(app, settings, clock or SystemClock(), database or open_database(settings, FOR_REQUESTS))
    return app


def routed(settings: Settings, kinds: Kinds = KINDS) -> Flask:
    """Build an app with its routes and hooks. It serves requests after `equip`.

    Nothing is connected yet, so a process may build it before it forks.
    """
    app = _App("backend", static_folder=None)
    app.url_map.converters["int"] = _Id
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.compact = True  # type: ignore[attr-defined]
    if settings.proxies:
        # Trusts as many entries of the header as there are proxies; entries further left come from
        # the caller.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=0, x_host=0
        )
    app.extensions["linka.kinds"] = kinds
    # Started once for each app, because the child processes do not depend on settings.
    app.extensions["linka.offload"] = Offload()
    # In this order, a caller without a valid token is refused before the body is read.
    requests.install(app)
    clients.install(app)
    identity.install(app)
    events.install(app)
    bodies.install(app, settings.body_seconds)
    _routes(app, kinds)
    static_files.install(app, _static_folders(kinds))
    if not settings.in_production:
        app.register_blueprint(stub.blueprint)
    # Registered after the routes, because flask-smorest registers an error body of its own and the
    # last registration wins.
    errors.install(app, identity.check_caller)
    note_endpoints_with_token(app)
    app.teardown_request(lambda _: app.extensions["linka.database"].release())
    return app


def equip(app: Flask, settings: Settings, clock: Clock, database: Database) -> None:
    """Store in an app all objects that its requests use; objects stored earlier are replaced."""
    client = connect_redis(settings)
    feed = Feed(client)
    scores, boards = scoring(settings, database, client)
    wechat = WeChatClient(settings.wechat_url, settings.wechat_appid, settings.wechat_secret)
    texts = TextCheck(wechat, AccessTokens(wechat, client)) if settings.wechat_text_check else None
    offload: Offload = app.extensions["linka.offload"]
    logins = Logins(
        wechat, TextCipher(settings.secret, SESSION_KEYS), Tokens(settings.secret), database
    )
    kinds: Kinds = app.extensions["linka.kinds"]
    tools = Tools(scores, feed, client, settings.secret)
    hub, sockets, draining = Hub(feed, clock.now), OpenSockets(), Draining()
    draining.tell(sockets.move)
    draining.tell(lambda _: hub.end_streams())
    waiting_phones = WaitingPhones(database, WORKER_SOCKETS)
    draining.wait_for(waiting_phones)
    plays, presence = kinds.plays(tools), Presence(client)
    callers, reader = EventCallers(database), BoardReader(scores)
    limits = Limits(client)
    short_operations: list[short.ShortOperation] = [
        ShortLogins(logins, limits),
        ShortBoards(callers, reader, scores.calendar, clock),
        *(operation for play in plays.values() for operation in play.short),
    ]
    app.extensions |= {
        "linka.settings": settings,
        "linka.clock": clock,
        "linka.database": database,
        "linka.redis": client,
        "linka.health": health.Health(database, lambda: checks.state(client)),
        "linka.wechat": wechat,
        "linka.limits": limits,
        "linka.logins": logins,
        "linka.scores": scores,
        "linka.boards": boards,
        "linka.reader": reader,
        "linka.feed": feed,
        "linka.hub": hub,
        "linka.revocations": Revocations(feed),
        "linka.tickets": Tickets(client),
        "linka.presence": presence,
        "linka.silences": SilenceWatch(),
        "linka.activity_kinds": ActivityKinds(),
        "linka.moderation": ModerationDesk(
            database, BlockedWords(database), feed, texts, offload.short
        ),
        "linka.post_catalog": PostCatalog(database, settings.keep_readings_days * DAY_MS),
        "linka.post_home_pages": HomePages(database),
        "linka.post_readings": Readings(database),
        "linka.plays": plays,
        "linka.remote": Remote(kinds, plays, presence),
        "linka.run_pages": OpenRunPages(client),
        "linka.pairings": Pairings(client),
        "linka.streams": OpenStreams(client, clock.now),
        "linka.sockets": sockets,
        "linka.waiting_phones": waiting_phones,
        "linka.draining": draining,
        "linka.callers": callers,
        "linka.player_counts": KeptCounts(EVENTS_KEPT),
        "linka.short": short.ShortOperations(
            short_operations, logins.tokens.read_header, clock, settings.minimum_client
        ),
        "linka.passes": ScreenPasses(settings.secret),
        "linka.own_records": (
            PostRecords(),
            PostComments(),
            PostSubmissions(),
            QuestionRecords(),
            DutyRecords(),
            BirthdayRecords(),
        ),
    }


def _static_folders(kinds: Kinds) -> list[Path]:
    """Return the folders whose files pages load."""
    shared = [screen_api.pages.static_folder, console_pages.blueprint.static_folder]
    of_kinds = [one for kind in kinds for one in (kind.screen_folder, kind.console_folder)]
    return [*(Path(one) for one in shared if one), *of_kinds]


def _routes(app: Flask, kinds: Kinds) -> None:
    app.config |= {
        "API_TITLE": "Linka 林卡",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.0.3",
        "OPENAPI_URL_PREFIX": "/api",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "components": {"securitySchemes": SCHEMES},
            "security": [{"token": []}, {"console": []}],
        },
    }
    api = _Api(app)
    for module in (
        identity_api,
        roster_api,
        events_api,
        own_api,
        agenda_api,
        rehearsals_api,
        crew_api,
        team_api,
        setup_api,
        scoring_api,
        questions_api,
        moderation_api,
    ):
        api.register_blueprint(module.blueprint)
    for kind in kinds:
        for blueprint in kind.blueprints():
            api.register_blueprint(blueprint)
    for module in (
        screen_api,
        remote_api,
        media_api,
        phones_api,
        report_api,
        posts_api,
        submission_api,
        lookup_api,
        people_api,
        console_api,
        preflight_api,
    ):
        api.register_blueprint(module.blueprint)
    phones_api.install(app)
    for blueprint in (
        health.blueprint,
        measured.blueprint,
        official_account.blueprint,
        docs.blueprint,
        landing.blueprint,
        screen_api.pages,
    ):
        app.register_blueprint(blueprint)
    app.register_blueprint(console_pages.blueprint)
