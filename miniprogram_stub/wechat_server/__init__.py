"""An emulator of `api.weixin.qq.com`, as far as a mini program's backend needs it: to log people in
and to have their texts checked.

It answers `/sns/jscode2session`, `/cgi-bin/token`, `/cgi-bin/stable_token`, `/wxa/checksession` and
`/wxa/msg_sec_check` the way WeChat does, and has an API of its own under `/__emulator__/` for what
happens on phones and in consoles: who logs in, who is blocked, what time it is, what goes wrong.

    facts       what WeChat promises: codes, lifetimes, quotas, error texts; what we only assume
    clock       the emulator's own time
    quotas      so many calls a minute or a day
    refusals    an errcode as an exception
    identities  people as one app sees them: openid, unionid, session key
    codes       what `wx.login` gives, redeemable once
    tokens      the two separate spaces of access tokens
    opinions    what is thought of a text
    state       the world: apps, people, codes and tokens, and the verbs upon them
    calls       paths, methods and parameters of the WeChat side, on top of the world
    faults      what is to go wrong, when
    journal     which calls came in, without their secrets
    emulator    one call from arrival to reply; reset
    http        the WSGI application
    control     the emulator's own API, with `schemas` for what it takes
    bind        which address to listen on
    serve       the process
    command     `linka-stub wechat`

Everything lives in memory. Openids are derived from the app and a key that the caller chooses, so
a restarted emulator knows the same people by the same names.

The control API speaks JSON. A field `appid` may always be left out: the emulator's own app is
meant. A refused request gets a 4xx and `{"error": slug, "errors"?: {field: [...]}}`.

    GET    /__emulator__/            what is there: {appid, now, users, codes, calls, faults}
    POST   /__emulator__/apps        {appid, secret}: another mini program
    POST   /__emulator__/users       {key, appid?, unionid?: bool, blocked?: bool}: make or change
    GET    /__emulator__/users       ?key=…&appid=…: look up, never makes anyone
    POST   /__emulator__/codes       {user} -> {code}, or {users: [...]} -> {codes: [...]}: what
                                     wx.login gives these people, who are made when new
    GET    /__emulator__/clock       {now, offset_seconds}
    POST   /__emulator__/clock       {advance_seconds}: time passes
    GET    /__emulator__/faults      {faults: [...]}
    POST   /__emulator__/faults      {path, kind, errcode?, seconds?, count?, every?, handled?}
    DELETE /__emulator__/faults      nothing goes wrong any more
    GET    /__emulator__/requests    ?after=N: {requests: [...], last}; the latest calls
    POST   /__emulator__/reset       everything as at the start
"""
