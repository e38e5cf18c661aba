"""The assistant: a message, what one already knows and what was just said become an answer from the base. Stateless."""
