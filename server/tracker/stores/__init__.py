"""Where the peers are kept: one module for each kind of store, all behind `core.store.Store`."""
