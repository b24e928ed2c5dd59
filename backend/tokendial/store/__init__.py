"""The SQLite ledger: the only package that imports peewee or sqlite3."""
