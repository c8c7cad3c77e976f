//! `INSERT … SELECT`: values written twice in place where that is safe, and else computed once.

mod as_cte;
mod as_subquery;
mod computed_once;
mod in_place;

pub(crate) use in_place::check_lengths;
