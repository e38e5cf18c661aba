"""Migrations of the schema, in order; applied by ``flask database upgrade``."""
