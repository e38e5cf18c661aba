"""What the assistant did not know: words, by day, for the curators of the lexicon. Never a message."""

from datetime import date

from sqlmodel import Field, SQLModel


class UnknownWord(SQLModel, table=True):
    """One word that the lexicon did not know, on one day; nothing says who wrote it, nor beside what."""

    __tablename__ = "unknown_word"

    word: str = Field(max_length=20, primary_key=True)
    day: date = Field(primary_key=True, index=True)
