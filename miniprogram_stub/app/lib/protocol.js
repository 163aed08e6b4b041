// Written by `python -m miniprogram_stub.protocol` from protocol.json.
module.exports = {
  "api_path": "/api/v1",
  "client_header": "Linka-Client",
  "clock_header": "Linka-Time",
  "update_required": "update_required",
  "come_again": [
    429,
    502,
    503,
    504
  ],
  "request_timeout_seconds": 15,
  "requests_in_flight": 10,
  "codes_per_login": 3,
  "backoff": {
    "first_seconds": 0.2,
    "longest_seconds": 5
  },
  "unheard_seconds": 2,
  "poll_seconds": 2.5,
  "heartbeat_seconds": 20,
  "silence_seconds": 75,
  "sockets_per_player": 3,
  "closes": {
    "4307": "move",
    "4400": "stop",
    "4401": "sign_in",
    "4403": "ask",
    "4408": "again",
    "4409": "stop",
    "4422": "fresh",
    "4429": "again",
    "4500": "again",
    "4503": "later",
    "1009": "again"
  },
  "scanned": {
    "join": "linka:join:",
    "bind": "linka:bind:"
  },
  "paths": {
    "login": "/login",
    "me": "/me",
    "binding": "/me/binding",
    "tokens": "/me/tokens",
    "export": "/me/export",
    "events": "/events",
    "join": "/events/join"
  },
  "kinds": {
    "hunt": {
      "title": "“美多”大淘金",
      "path": "/hunts"
    },
    "contest": {
      "title": "现场竞赛",
      "path": "/contests"
    },
    "shake": {
      "title": "摇一摇",
      "path": "/shakes"
    },
    "drawing": {
      "title": "你画我猜",
      "path": "/drawings"
    },
    "polls": {
      "title": "投票",
      "path": "/polls"
    },
    "keywords": {
      "title": "回复有效关键词",
      "path": "/keywords"
    },
    "raffle": {
      "title": "抽奖",
      "path": "/raffles"
    }
  },
  "requests": [
    "ping",
    "look",
    "hunt.answer",
    "contest.answer",
    "shake.report",
    "keywords.reply",
    "drawing.choose",
    "drawing.strokes",
    "drawing.undo",
    "drawing.clear",
    "drawing.fill",
    "drawing.guess",
    "drawing.report",
    "drawing.vote",
    "drawing.here"
  ],
  "messages": [
    "hello",
    "state",
    "ack",
    "refusal",
    "pong",
    "beat",
    "drawing.strokes",
    "drawing.guessed",
    "drawing.said",
    "polls.reminder",
    "posts.notice",
    "raffle.handed",
    "polls.suggestion",
    "shake.pulse"
  ]
};
