"""The door for a browser: people are signed in as themselves, each act is one operation, no rule lives here."""
