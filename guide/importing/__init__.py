"""Importing: a table waits sealed until its sender confirms it, then becomes dossiers in one transaction."""
