"""Numbers and files of people are sealed before they reach the database; whoever has the keys opens and finds them."""
