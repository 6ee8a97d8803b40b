"""Text becomes a `Reading`: its lines, their words, and the phrases and documented duties in them."""
