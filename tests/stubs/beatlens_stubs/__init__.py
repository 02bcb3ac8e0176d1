"""One of everything that a package outside of Beatlens can add: found by its entry points alone."""
