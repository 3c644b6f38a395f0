"""What is done with accounts: signing in and out, second factors, passwords, tokens, the administrators' hands."""
