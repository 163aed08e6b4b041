"""Tricks of several steps.

Each function plays the trick of its docstring, and returns the last answer to the cheat. What was
earned honestly on the way counts as held, by `from_here`.
"""

import base64
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from tests.cheating.evening import CAP_PER_SECOND, DIGS_PER_DAY, Cheat, Evening, Told, receipt
from tests.sockets.socket import Socket, turned_away

Scene = Callable[[Evening], str]
SCENES: dict[str, tuple[Scene, str]] = {}


def trick(name: str, told: str) -> Callable[[Scene], Scene]:
    """Enter a function as a trick of this name, with what it is told."""

    def enter(scene: Scene) -> Scene:
        assert name not in SCENES
        SCENES[name] = (scene, told)
        return scene

    return enter


def _last_told(asks: Iterable[Callable[[], Told]], until: str) -> str:
    """Send requests until a refusal has this slug; returns the last answer.

    A limit counts in fixed windows, so up to twice as many requests may pass.
    """
    told = ""
    for ask in asks:
        told = ask().slug
        if told == until:
            break
    return told


# --- 大淘金


def _dig(evening: Evening, phone: Cheat, site: str = "lake") -> tuple[str, dict[str, Any]]:
    path = f"/hunts/{evening.places['hunt']}/digs"
    dig = phone.ok("POST", path, {"site": site})
    return f"{path}/{dig['id']}", dig


@trick("答错以后再改成对的", "already_answered")
def change_an_answer(evening: Evening) -> str:
    phone = evening.person()
    path, dig = _dig(evening, phone)
    phone.ok("POST", f"{path}/answer", {"choice": evening.keys.wrong(dig)})
    evening.from_here()
    return phone.ask("POST", f"{path}/answer", {"choice": evening.keys.right(dig)}).slug


@trick("答对的题再交三次，每次换一个幂等键", "the same points")
def send_an_answer_again(evening: Evening) -> str:
    phone = evening.person()
    path, dig = _dig(evening, phone)
    body = {"choice": evening.keys.right(dig)}
    first = phone.ok("POST", f"{path}/answer", body)
    evening.from_here()
    again = [phone.ask("POST", f"{path}/answer", body, Idempotency_Key=f"k{n}") for n in range(3)]
    return "the same points" if all(told.body == first for told in again) else "others"


@trick("时间到了才答，把手机的时钟拨回去", "deadline_passed")
def answer_too_late(evening: Evening) -> str:
    phone = evening.person()
    path, dig = _dig(evening, phone)
    evening.let_time_pass(dig["id"])
    evening.from_here()
    clock = {"Date": "Thu, 01 Jan 1970 00:00:00 GMT", "Linka-Time": "0"}
    answer = {"choice": evening.keys.right(dig)}
    return phone.ask("POST", f"{path}/answer", answer, **clock).slug


@trick("时间到了才按“来电了”", "deadline_passed")
def snooze_too_late(evening: Evening) -> str:
    phone = evening.person()
    path, dig = _dig(evening, phone)
    evening.let_time_pass(dig["id"])
    return phone.ask("POST", f"{path}/snooze").slug


@trick("一场按两次“来电了”", "snooze_used")
def snooze_twice(evening: Evening) -> str:
    phone = evening.person()
    path, dig = _dig(evening, phone)
    phone.ok("POST", f"{path}/snooze")
    phone.ok("POST", f"{path}/answer", {"choice": evening.keys.wrong(dig)})
    path, _ = _dig(evening, phone)
    evening.from_here()
    return phone.ask("POST", f"{path}/snooze").slug


@trick("同时挖五个地方，挑会的题", "the same question")
def dig_everywhere(evening: Evening) -> str:
    phone = evening.person()
    _, dig = _dig(evening, phone)
    others = [_dig(evening, phone, site)[1] for site in ("pass", "lake", "pass", "pass")]
    return "the same question" if {one["id"] for one in others} == {dig["id"]} else "another"


@trick("今天的次数挖完了还挖", "no_digs_left")
def dig_too_often(evening: Evening) -> str:
    phone = evening.person()
    for _ in range(DIGS_PER_DAY):
        path, dig = _dig(evening, phone)
        phone.ok("POST", f"{path}/answer", {"choice": evening.keys.wrong(dig)})
    evening.from_here()
    return phone.ask("POST", f"/hunts/{evening.places['hunt']}/digs", {"site": "lake"}).slug


@trick("没答就从题目、地图和错题本里找答案", "nothing")
def look_for_the_key(evening: Evening) -> str:
    phone = evening.person()
    path, dig = _dig(evening, phone)
    hunt = f"/hunts/{evening.places['hunt']}"
    seen = [phone.ask("GET", one) for one in (path, hunt, f"{hunt}/wrong-questions")]
    texts = [json.dumps(told.body, ensure_ascii=False) for told in seen]
    assert [told.status for told in seen] == [200] * 3
    assert dig["question"]["stem"] in texts[0]
    words = ('"key": [', "explanation", "verdict")
    return ", ".join(word for word in words for text in texts if word in text) or "nothing"


# --- 现场竞赛


@trick("公布答案以后再答", "round_over")
def answer_after_the_reveal(evening: Evening) -> str:
    round_ = evening.next_round()
    path = f"/contests/{evening.places['contest']}/rounds/{round_['id']}/answer"
    shown = evening.reveal(round_["position"])
    evening.from_here()
    return evening.cheat.ask("POST", path, {"choice": shown["key"]}).slug


@trick("看见对了一半再改抢答的答案", "already_answered")
def change_a_contest_answer(evening: Evening) -> str:
    round_ = evening.next_round()
    path = f"/contests/{evening.places['contest']}/rounds/{round_['id']}/answer"
    first, second = (option["key"] for option in round_["question"]["options"][:2])
    evening.cheat.ok("POST", path, {"choice": [first]})
    return evening.cheat.ask("POST", path, {"choice": [second]}).slug


@trick("两条连接各答一个选项", "already_answered")
def answer_on_two_sockets(evening: Evening) -> str:
    round_ = evening.next_round()
    one, other = evening.socket(evening.cheat), evening.socket(evening.cheat)
    where = evening.places["contest"]
    first, second = (option["key"] for option in round_["question"]["options"][:2])
    one.ask("contest.answer", where, round_id=round_["id"], choice=[first])
    said = other.ask("contest.answer", where, round_id=round_["id"], choice=[second])
    return str(said["data"]["error"])


@trick("题出来以后才加入，看别人怎么答再答", "joined_late")
def join_during_a_question(evening: Evening) -> str:
    round_ = evening.next_round()
    late = evening.person()
    evening.from_here()
    path = f"/contests/{evening.places['contest']}/rounds/{round_['id']}/answer"
    choice = [round_["question"]["options"][0]["key"]]
    return late.ask("POST", path, {"choice": choice}).slug


@trick("公布以前在画面和连接里找答案", "nothing")
def look_for_the_contest_key(evening: Evening) -> str:
    round_ = evening.next_round()
    shown = evening.cheat.ok("GET", f"/contests/{evening.places['contest']}")
    own = evening.socket(evening.cheat).ask("look", evening.places["contest"])
    assert shown["state"]["round"]["id"] == round_["id"]
    text = json.dumps([shown, own], ensure_ascii=False)
    words = ('"key": [', "explanation", '"correct": true', '"correct": false')
    return ", ".join(word for word in words if word in text) or "nothing"


@trick("在手机的连接上喊主持人的口令", "malformed_message")
def say_words_of_a_host(evening: Evening) -> str:
    socket = evening.socket(evening.cheat)
    said = {
        "contest.next": "contest",
        "contest.reveal": "contest",
        "shake.begin": "idle_shake",
        "keywords.open": "words",
        "raffle.draw": "raffle",
        "polls.show": "polls",
        "drawing.void": "drawing",
    }
    heard = {socket.ask(word, evening.places[at])["data"]["error"] for word, at in said.items()}
    return " ".join(sorted(heard))


@trick("在自己的连接上玩别的活动", "not_found")
def play_another_event(evening: Evening) -> str:
    socket = evening.socket(evening.cheat)
    answer = socket.ask(
        "shake.report", evening.places["foreign_shake"], round_id=1, count=9, how="tap"
    )
    return str(answer["data"]["error"])


# --- 摇一摇


def _report(evening: Evening, phone: Cheat, name: str, count: int, **more: Any) -> Any:
    path = f"/shakes/{evening.places[f'{name}_shake']}/rounds/{evening.places[f'{name}_round']}"
    return phone.ask("POST", f"{path}/reports", {"count": count, **more})


@trick("倒数时就报摇了", "round_not_started")
def shake_in_the_countdown(evening: Evening) -> str:
    body = {"mode": "race", "number": 1, "seconds": 300}
    begun = evening.host.ok("POST", f"/shakes/{evening.places['idle_shake']}/rounds", body)
    path = f"/shakes/{evening.places['idle_shake']}/rounds/{begun['id']}"
    told = evening.cheat.ask("POST", f"{path}/reports", {"count": 500})
    evening.host.ok("POST", f"{path}/cancel")
    return told.slug


@trick("自己编一份摇了三十万下的报告", "capped")
def make_a_report_up(evening: Evening) -> str:
    evening.wait_for_shaking()
    phone = evening.person()
    evening.from_here()
    told = _report(evening, phone, "long", 300_000)
    most = CAP_PER_SECOND * evening.shaken_seconds()
    path = f"/shakes/{evening.places['long_shake']}/rounds/{evening.places['long_round']}/flagged"
    flagged = evening.host.ok("GET", path)
    return "capped" if told.body["accepted"] <= most and flagged["flagged"] else "believed"


@trick("两条连接各报一份，想加起来", "the highest counts")
def report_on_two_sockets(evening: Evening) -> str:
    evening.wait_for_shaking()
    phone, where = evening.person(), evening.places["long_shake"]
    reports = [
        evening.socket(phone).ask(
            "shake.report", where, round_id=evening.places["long_round"], count=5, how="shake"
        )
        for _ in range(2)
    ]
    evening.from_here()
    counts = {report["data"]["accepted"] for report in reports}
    return "the highest counts" if max(counts) <= 5 else "they add up"


@trick("在摇一摇里报滑屏", "nothing counts")
def swipe_in_a_shake(evening: Evening) -> str:
    evening.wait_for_shaking()
    phone = evening.person()
    evening.from_here()
    told = _report(evening, phone, "long", 20, how="swipe")
    return told.slug or ("nothing counts" if told.body["accepted"] == 0 else "it counts")


@trick("摇完了再补报", "round_over")
def shake_after_the_end(evening: Evening) -> str:
    evening.wait_for_the_end()
    return str(_report(evening, evening.cheat, "short", 40).slug)


# --- 关键词


def _reply(evening: Evening, phone: Cheat, text: str) -> Any:
    return phone.ask("POST", f"/keywords/{evening.places['words']}/replies", {"text": text})


@trick("猜没公布的关键词", "wrong")
def guess_a_prepared_word(evening: Evening) -> str:
    return str(_reply(evening, evening.cheat, "扎西德勒").body["outcome"])


@trick("一分钟里把词典试一遍", "too_many_requests")
def try_a_dictionary(evening: Evening) -> str:
    phone = evening.person()
    evening.from_here()
    asks = (partial(_reply, evening, phone, f"词{number}") for number in range(45))
    return _last_told(asks, "too_many_requests")


@trick("抢中以后再回复，换个写法再抢", "hit 20 points")
def win_a_word_twice(evening: Evening) -> str:
    phone = evening.person()
    first = _reply(evening, phone, "心中有客户").body
    evening.from_here()
    again = [_reply(evening, phone, text).body for text in ("心中有客户", "心 中 有 客 户！")]
    assert all(one["place"] == first["place"] for one in again)
    return " ".join(sorted({f"{one['outcome']} {one['points']} points" for one in again}))


@trick("抢过一个再抢第二个", "enough")
def win_too_many_words(evening: Evening) -> str:
    phone = evening.person()
    _reply(evening, phone, "心中有客户")
    evening.from_here()
    return str(_reply(evening, phone, "三声服务").body["outcome"])


@trick("关键词关了再回复", "too_late")
def reply_too_late(evening: Evening) -> str:
    return str(_reply(evening, evening.cheat, "已经关了").body["outcome"])


# --- 投票


def _ballots(evening: Evening, poll: str = "staff_poll") -> str:
    return f"/polls/{evening.places['polls']}/polls/{evening.places[poll]}/ballots"


@trick("再投一票", "already_voted")
def vote_twice(evening: Evening) -> str:
    phone, choice = evening.person(), [evening.places["option"]]
    phone.ok("POST", _ballots(evening), {"choice": choice, "receipt": receipt()})
    evening.from_here()
    return phone.ask("POST", _ballots(evening), {"choice": choice, "receipt": receipt()}).slug


@trick("同一张回执换个选项再交", "already_voted")
def vote_again_with_the_receipt(evening: Evening) -> str:
    phone, mine = evening.person(), receipt()
    one, other = evening.places["option"], evening.places["option_2"]
    phone.ok("POST", _ballots(evening), {"choice": [one], "receipt": mine})
    evening.from_here()
    return phone.ask("POST", _ballots(evening), {"choice": [other], "receipt": mine}).slug


@trick("拿别人的回执改别人的票", "receipt_taken")
def vote_with_another_s_receipt(evening: Evening) -> str:
    honest, phone, theirs = evening.person(), evening.person(), receipt()
    choice = [evening.places["option"]]
    honest.ok("POST", _ballots(evening), {"choice": choice, "receipt": theirs})
    evening.from_here()
    return phone.ask("POST", _ballots(evening), {"choice": choice, "receipt": theirs}).slug


@trick("一张票把一个选项写三遍", "bad_ballot")
def name_an_option_three_times(evening: Evening) -> str:
    phone, choice = evening.person(), [evening.places["option"]] * 3
    evening.from_here()
    return phone.ask("POST", _ballots(evening), {"choice": choice, "receipt": receipt()}).slug


@trick("用亲友号给自己人再投一票", "vote_as_staff")
def vote_with_a_second_account(evening: Evening) -> str:
    phone = evening.person()
    choice = [evening.places["open_option"]]
    phone.ok("POST", _ballots(evening, "open_poll"), {"choice": choice, "receipt": receipt()})
    second = evening.second_account(phone)
    evening.from_here()
    body = {"choice": choice, "receipt": receipt()}
    return second.ask("POST", _ballots(evening, "open_poll"), body).slug


@trick("把现场码从头试", "too_many_requests")
def try_codes_of_the_hall(evening: Evening) -> str:
    phone = evening.person()
    evening.from_here()
    asks = (
        partial(
            phone.ask,
            "POST",
            _ballots(evening, "coded_poll"),
            {
                "choice": [evening.places["coded_option"]],
                "receipt": receipt(),
                "hall_code": f"{number:06d}",
            },
        )
        for number in range(11)
    )
    return _last_told(asks, "too_many_requests")


@trick("没公布就看票数", "hidden")
def read_results_early(evening: Evening) -> str:
    path = f"/polls/{evening.places['polls']}/polls/{evening.places['staff_poll']}"
    results = evening.cheat.ok("GET", path)["results"]
    assert not results.get("rows")
    return str(results["state"])


@trick("编一个回执看别人的票", "nothing")
def read_another_s_ballot(evening: Evening) -> str:
    path = f"{_ballots(evening)}/own"
    told = evening.cheat.ask("GET", path, Ballot_Receipts=receipt())
    return str(told.body["ballots"] or "nothing")


@trick("截止以后再投", "poll_closed")
def vote_after_the_end(evening: Evening) -> str:
    body = {"choice": [evening.places["closed_option"]], "receipt": receipt()}
    return evening.cheat.ask("POST", _ballots(evening, "closed_poll"), body).slug


# --- 抽奖


@trick("抽奖前先看种子", "nothing")
def read_the_seed(evening: Evening) -> str:
    raffle, draw = evening.places["raffle"], evening.places["draw"]
    shown = [
        evening.cheat.ok("GET", f"/raffles/{raffle}/draws/{draw}"),
        evening.cheat.ok("GET", f"/raffles/{raffle}"),
        evening.socket(evening.cheat).ask("look", raffle),
    ]
    seed = evening.seed()
    assert len(seed) >= 32
    return "the seed" if seed in json.dumps(shown) else "nothing"


@trick("拿抽奖名单把自己放进去", "forbidden")
def put_oneself_on_a_list(evening: Evening) -> str:
    path = f"/raffles/{evening.places['raffle']}/lists"
    return evening.upload(evening.cheat, path, "工号\n200001\n".encode())


# --- 座位和令牌


@trick("加入两次占两个座位", "the same seat")
def join_twice(evening: Evening) -> str:
    body = {"code": evening.event["join_code"]}
    seats = {evening.cheat.ok("POST", "/events/join", body)["player"]["id"] for _ in range(3)}
    return "the same seat" if len(seats) == 1 else "more"


@trick("用第二个微信号绑定自己的工号", "staff_taken")
def bind_a_second_account(evening: Evening) -> str:
    phone = evening.person()
    second = Cheat(evening.installation, f"{phone.user}-again")
    second.log_in()
    evening.from_here()
    body = evening.binding_of(phone)
    return second.ask("POST", "/me/binding", body).slug


@trick("被禁以后再加入", "banned")
def join_after_a_ban(evening: Evening) -> str:
    phone = evening.person()
    seat = phone.ok("GET", f"{evening.here}/me")["player"]["id"]
    evening.host.ok("PUT", f"{evening.here}/players/{seat}", {"status": "banned"})
    evening.from_here()
    return phone.ask("POST", "/events/join", {"code": evening.event["join_code"]}).slug


@trick("一个个试加入码", "too_many_requests")
def try_join_codes(evening: Evening) -> str:
    phone = evening.person()
    evening.from_here()
    asks = (
        partial(phone.ask, "POST", "/events/join", {"code": f"ZZ{number:04d}"})
        for number in range(65)
    )
    return _last_told(asks, "too_many_requests")


def _with_token(evening: Evening, token: str) -> str:
    return Cheat(evening.installation, "", token).ask("GET", "/me").slug


def _part(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


@trick("自己写一个不签名的令牌", "unauthenticated")
def forge_a_token(evening: Evening) -> str:
    _, claims, _ = evening.host.token.split(".")
    return _with_token(evening, f"{_part({'alg': 'none', 'typ': 'JWT'})}.{claims}.")


@trick("把自己令牌里的账号改成主持人的", "unauthenticated")
def edit_a_token(evening: Evening) -> str:
    head, _, mark = evening.cheat.token.split(".")
    return _with_token(evening, f"{head}.{evening.host.token.split('.')[1]}.{mark}")


@trick("退出登录以后用旧令牌", "signed_out")
def use_an_old_token(evening: Evening) -> str:
    phone = evening.person()
    phone.ok("DELETE", "/me/tokens")
    evening.from_here()
    return _with_token(evening, phone.token)


@trick("编一个控制台的会话", "session_over")
def make_a_session_up(evening: Evening) -> str:
    told = Cheat(evening.installation, "").ask("GET", "/me", Cookie="linka_console=made-up")
    return told.slug


@trick("把控制台的会话先种到主持人的浏览器里", "another session")
def fix_a_session(evening: Evening) -> str:
    cookie = evening.enter_console(planted="linka_console=planted-by-a-cheat")
    planted = Cheat(evening.installation, "").ask(
        "GET", "/me", Cookie="linka_console=planted-by-a-cheat"
    )
    assert planted.slug == "session_over"
    return "the same" if "planted" in cookie else "another session"


@trick("没人批准就进控制台", "waiting")
def enter_without_approval(evening: Evening) -> str:
    nobody = Cheat(evening.installation, "")
    secret = nobody.ok("POST", "/console/pairings")["secret"]
    told = nobody.ask("POST", f"/console/pairings/{secret}")
    assert "Set-Cookie" not in told.headers
    return str(told.body["status"])


@trick("控制台的配对用两次", "not_found")
def use_a_pairing_twice(evening: Evening) -> str:
    nobody = Cheat(evening.installation, "")
    pairing = nobody.ok("POST", "/console/pairings")
    body = {"pairing_code": pairing["pairing_code"]}
    evening.host.ok("POST", "/console/approvals", body)
    assert nobody.ask("POST", f"/console/pairings/{pairing['secret']}").body["status"] == "approved"
    return nobody.ask("POST", f"/console/pairings/{pairing['secret']}").slug


@trick("大屏的配对用两次", "not_found")
def use_a_screen_pairing_twice(evening: Evening) -> str:
    nobody = Cheat(evening.installation, "")
    pairing = nobody.ok("POST", "/screens/pairings", {"event_id": evening.event_id})
    body = {"pairing_code": pairing["pairing_code"]}
    evening.host.ok("POST", f"{evening.here}/screens", body)
    assert nobody.ask("GET", f"/screens/pairings/{pairing['secret']}").body["status"] == "approved"
    return nobody.ask("GET", f"/screens/pairings/{pairing['secret']}").slug


@trick("拿别的活动的大屏通行证", "screen_not_paired")
def use_a_foreign_pass(evening: Evening) -> str:
    nobody = Cheat(evening.installation, "")
    let_in = nobody.send("GET", evening.places["foreign_screen"], None, {})
    _, _, value = let_in.headers["Set-Cookie"].partition(";")[0].partition("=")
    cookie = f"linka_screen_{evening.event_id}={value}"
    return nobody.ask("GET", f"{evening.here}/stream", Cookie=cookie).slug


@trick("猜大屏的钥匙", "screen_not_paired")
def guess_the_screen_key(evening: Evening) -> str:
    nobody = Cheat(evening.installation, "")
    told = nobody.send("GET", f"/screen/{evening.event_id}?key=guessed", None, {})
    assert "Set-Cookie" not in told.headers
    return nobody.ask("GET", f"{evening.here}/stream").slug


@trick("一张入场券进两次", "4401")
def use_a_ticket_twice(evening: Evening) -> str:
    ticket = evening.cheat.ok("POST", f"{evening.here}/tickets")["ticket"]
    evening.sockets.append(Socket(evening.cheat, evening.event_id, ticket=ticket))
    evening.sockets[-1].wait(lambda message: message["type"] == "hello")
    return str(turned_away(evening.cheat, evening.event_id, ticket))


@trick("拿别的活动的入场券", "4401")
def use_a_foreign_ticket(evening: Evening) -> str:
    ticket = evening.cheat.ok("POST", f"/events/{evening.places['foreign']}/tickets")["ticket"]
    return str(turned_away(evening.cheat, evening.event_id, ticket))


# --- 你画我猜


@trick("没轮到自己就落笔", "not_your_turn")
def draw_out_of_turn(evening: Evening) -> str:
    game = evening.begin_drawing()
    line = {"stroke": 1, "colour": 1, "width": 1, "points": [1, 1]}
    body = {"at": 0, "batches": [line]}
    return game.guesser.ask("POST", f"{game.turn}/strokes", body).slug


@trick("替画手选词", "not_your_turn")
def choose_for_the_drawer(evening: Evening) -> str:
    game = evening.begin_drawing(chosen=False)
    return game.guesser.ask("POST", f"{game.turn}/choice", {"choice": 0}).slug


@trick("画手选一个没给的词", "unknown_prompt")
def choose_a_word_of_ones_own(evening: Evening) -> str:
    game = evening.begin_drawing(chosen=False)
    return game.drawer.ask("POST", f"{game.turn}/choice", {"choice": 9}).slug


@trick("画手把词打出来", "gives_answer_away")
def write_the_word(evening: Evening) -> str:
    game = evening.begin_drawing()
    return game.drawer.ask("POST", f"{game.turn}/guesses", {"text": f"是{game.word}"}).slug


@trick("猜中的人告诉别人", "gives_answer_away")
def pass_the_word_on(evening: Evening) -> str:
    game = evening.begin_drawing()
    game.guesser.ok("POST", f"{game.turn}/guesses", {"text": game.word})
    evening.from_here(game.event_id)
    return game.guesser.ask("POST", f"{game.turn}/guesses", {"text": f"是{game.word}"}).slug


@trick("猜中以后再猜一次", "the first answer")
def guess_twice(evening: Evening) -> str:
    game = evening.begin_drawing()
    body = {"text": game.word}
    first = game.guesser.ok("POST", f"{game.turn}/guesses", body)
    evening.from_here(game.event_id)
    again = game.guesser.ask("POST", f"{game.turn}/guesses", body).body
    return "the first answer" if again == first else "another"


@trick("串到别的房间去猜", "not_in_this_room")
def guess_in_another_room(evening: Evening) -> str:
    game = evening.begin_drawing()
    return game.outsider.ask("POST", f"{game.turn}/guesses", {"text": game.word}).slug


@trick("一口气把词库猜一遍", "too_many_requests")
def guess_all_words(evening: Evening) -> str:
    game = evening.begin_drawing()
    asks = (
        partial(game.guesser.ask, "POST", f"{game.turn}/guesses", {"text": f"第{number}个词"})
        for number in range(20)
    )
    return _last_told(asks, "too_many_requests")


@trick("猜的人在画面里找词", "nothing")
def look_for_the_word(evening: Evening) -> str:
    game = evening.begin_drawing()
    shown = [
        game.guesser.ok("GET", game.path),
        game.guesser.ok("GET", f"{game.path}/gallery"),
        game.guesser.ok("GET", f"/events/{game.event_id}"),
    ]
    return "the word" if game.word in json.dumps(shown, ensure_ascii=False) else "nothing"


@trick("画手举报自己的画", "own_drawing")
def report_ones_own_drawing(evening: Evening) -> str:
    game = evening.begin_drawing()
    return game.drawer.ask("POST", f"{game.turn}/reports", {}).slug


@trick("投票给自己的画", "own_drawing")
def vote_for_ones_own_drawing(evening: Evening) -> str:
    game = evening.begin_drawing()
    return game.drawer.ask("POST", f"{game.turn}/votes", {}).slug
