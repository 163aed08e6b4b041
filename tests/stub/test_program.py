"""The mini program signs in without asking and repeats requests until they are answered."""

import threading

import pytest

from miniprogram_stub.program import CODES_PER_LOGIN, TOKEN, Refused, ServerAway
from tests.stub.little_server import HANGS_UP, Said, refusal

LOGIN, CODES, ME = "/api/v1/login", "/__emulator__/codes", "/api/v1/me"


def test_first_call_logs_in(program, server):
    assert program.get("/me") == {}
    assert [call.path for call in server.calls] == [CODES, LOGIN, ME]
    assert server.calls[1].body == {"code": "code-1"}


def test_token_is_kept_in_the_phones_storage(program, server):
    program.get("/me")
    program.get("/me")
    assert len(server.called(LOGIN)) == 1
    assert program.phone.get_storage(TOKEN) == server.calls[-1].token


def test_token_that_ended_is_replaced_once_and_the_call_repeated(program, server):
    program.get("/me")
    server.good_tokens.clear()
    assert program.post("/events/join", {"code": "ABC234"}) == {}
    joins = server.called("/api/v1/events/join")
    assert len(server.called(LOGIN)) == 2
    assert [join.body for join in joins] == [{"code": "ABC234"}] * 2
    assert joins[0].token != joins[1].token


def test_threads_that_meet_an_ended_token_share_one_login(program, server):
    program.get("/me")
    server.good_tokens.clear()
    together = threading.Barrier(4)

    def call() -> None:
        together.wait()
        program.get("/me")

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.called(LOGIN)) == 2


def test_401_after_a_fresh_login_is_the_last_word(program, server):
    server.queue(ME, refusal(401, "signed_out"), refusal(401, "signed_out"))
    with pytest.raises(Refused) as refused:
        program.get("/me")
    assert refused.value.slug == "signed_out"
    assert len(server.called(ME)) == 2


def test_used_code_is_replaced_by_a_new_one(program, server):
    server.queue(LOGIN, refusal(401, "code_invalid"))
    program.get("/me")
    codes = [call.body["code"] for call in server.called(LOGIN)]
    assert len(set(codes)) == 2


def test_codes_that_never_work_are_given_up(program, server):
    server.queue(LOGIN, *[refusal(401, "code_invalid")] * CODES_PER_LOGIN)
    with pytest.raises(Refused, match="code_invalid"):
        program.get("/me")
    assert server.called(ME) == []


def test_blocked_login_is_said_to_the_user(program, server):
    server.queue(LOGIN, refusal(403, "login_blocked"))
    with pytest.raises(Refused, match="不行：login_blocked"):
        program.get("/me")


def test_lost_reply_is_asked_for_again_with_the_same_request(program, server):
    server.queue("/api/v1/hunts/1/digs/2/answer", HANGS_UP, HANGS_UP, Said(body={"points": 40}))
    assert program.post("/hunts/1/digs/2/answer", {"choice": ["B"]}) == {"points": 40}
    answers = server.called("/api/v1/hunts/1/digs/2/answer")
    assert [answer.body for answer in answers] == [{"choice": ["B"]}] * 3
    assert program.counts["network_failures"] == 2


def test_pauses_grow_and_differ(program, server, time):
    server.queue(ME, *[HANGS_UP] * 8)
    program.get("/me")
    assert len(time.slept) == 8
    assert 0.1 <= time.slept[0] <= 0.2
    assert 2.5 <= time.slept[-1] <= 5.0
    assert time.slept == sorted(time.slept[:5]) + time.slept[5:]
    assert len(set(time.slept)) == 8


@pytest.mark.parametrize("status", [429, 503])
def test_server_that_asks_to_wait_is_obeyed(program, server, time, status):
    server.queue(ME, refusal(status, "wait", Retry_After="7"))
    program.get("/me")
    assert time.slept == [7.0]


def test_busy_wechat_at_login_is_waited_for(program, server, time):
    server.queue(LOGIN, refusal(503, "wechat_busy", Retry_After="2"))
    assert program.get("/me") == {}
    assert time.slept == [2.0]


def test_wait_longer_than_the_patience_is_a_refusal(program, server, time):
    server.queue(ME, refusal(429, "too_many_attempts", Retry_After="3600"))
    with pytest.raises(Refused) as refused:
        program.get("/me")
    assert refused.value.status == 429
    assert time.slept == []


def test_refusal_is_not_repeated(program, server):
    server.queue(ME, refusal(409, "event_closed"))
    with pytest.raises(Refused) as refused:
        program.get("/me")
    assert (refused.value.slug, refused.value.message) == ("event_closed", "不行：event_closed")
    assert len(server.called(ME)) == 1


def test_refusal_without_an_error_body_still_tells_its_status(program, server):
    server.queue(ME, Said(500, b"<h1>oops</h1>"))
    with pytest.raises(Refused, match="HTTP 500"):
        program.get("/me")


def test_silence_beyond_the_patience_is_a_server_that_is_away(program, server, time):
    server.queue(ME, *[HANGS_UP] * 100)
    with pytest.raises(ServerAway, match="connection closed"):
        program.get("/me")
    assert 110 < time.now <= 120


def test_what_must_not_happen_twice_is_sent_once(program, server):
    server.queue("/api/v1/events", HANGS_UP)
    with pytest.raises(ServerAway):
        program.call_once("POST", "/events", {"template": "hunt"})
    assert len(server.called("/api/v1/events")) == 1


def test_sign_out_forgets_the_token(program, server):
    program.sign_in()
    program.sign_out()
    program.get("/me")
    assert len(server.called(LOGIN)) == 2
