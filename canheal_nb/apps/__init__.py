"""One room per question: what its screen shows (pure) and the shell the screens share."""
