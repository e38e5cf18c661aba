"""The reader of ``knowledge/``: frozen typed models, a loader that keeps line numbers, cross-checks."""
