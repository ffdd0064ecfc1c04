"""An invented district, filled through the product's own services; an edge like the command line."""
