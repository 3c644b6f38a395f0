"""What is done with the registry: numbers sealed and opened, elements and persons told of to who may see them."""
