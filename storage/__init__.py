"""Where things are kept: the object store, the dossier database, the append-only event log, leases."""
