"""The client of WeChat's server API. It knows WeChat's words and numbers, and no feature of ours."""
