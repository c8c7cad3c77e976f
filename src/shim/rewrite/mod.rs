//! Statement text in, statement text out: each mapped column by its physical names. Pure.
