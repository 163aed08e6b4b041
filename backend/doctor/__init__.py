"""`linka doctor`: says what is wrong with an installation and what to do, in plain Chinese."""
