"""Requests and responses of every command: the contract that the front end's types are generated from.

Units, everywhere: times are integer UTC milliseconds; tokens are integers; money is `cost_usd`, a decimal string of
dollars with twelve digits after the point (exact), or null where nothing of it has a price. Days are `YYYY-MM-DD` in
the zone of the answer. Log text (titles, paths, model names) is untrusted.
"""
