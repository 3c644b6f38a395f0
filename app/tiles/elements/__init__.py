"""What the registry holds, as marks on the map: places, components and organisations, and never people."""
