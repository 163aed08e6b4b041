"""The big screen: its pages, how it is let in, and what it is shown."""
