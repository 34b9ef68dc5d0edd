"""Writers of PROV documents."""
