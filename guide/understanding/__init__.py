"""Understanding: what a message means, word by word, with the expressions that say so. Pure and typed."""
