"""Tables that the Mission ESS sends: a file becomes rows, a row becomes a project holder, with what is wrong and where.

Pure: no Flask, no database, no clock. Values only: nothing of a file is ever run, and no file makes anything fail but
with a TableError, which says what to do.
"""
