"""人、地、物、组织 as plain values: kinds, relations, masks, addresses, and how long a person's record is kept."""
