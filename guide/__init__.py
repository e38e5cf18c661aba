"""Guide ESS 62: who can help a solidarity project in Pas-de-Calais, explained and sourced."""
