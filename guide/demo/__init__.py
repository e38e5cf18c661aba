"""A desk to try: people who do not exist, their requests and what became of them. Never near a real database."""
