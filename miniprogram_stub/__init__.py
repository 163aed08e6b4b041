"""Test clients for Linka: they take the place of phones and of WeChat's servers.

`wechat_server` emulates WeChat's server API over HTTP, for the backend to talk to. `phone` is one
phone with a mini program in it, `players` are people who hold one, `cli` is the `linka-stub`
command. The service under test is reached by its address alone: nothing here imports it.
"""
