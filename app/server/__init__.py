"""The web server: requests through a bridge to the application, open screens without a thread for each."""
