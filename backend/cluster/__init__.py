"""A whole installation of many processes on one machine, for development: `linka cluster` starts it,
`linka chaos` kills and stops its parts while stub phones play."""
