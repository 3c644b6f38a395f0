"""The analyst's library: layers in, layers out. It knows nothing of Flask, of the database or of `app`."""
