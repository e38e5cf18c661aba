"""The only queries of the house: ``get_`` raises, ``find_`` returns None, ``list_`` is ordered, ``add_`` adds."""
