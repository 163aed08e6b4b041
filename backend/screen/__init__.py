"""The big screen: its pages, its admission, and its stream."""
