"""Why a posting gets its role: contributions by line, phrase, section and duty, and what would change it."""
