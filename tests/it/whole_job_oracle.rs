//! A second, naive implementation of advances, coaching and joint meetings: loops over all rows of small exports made for their awkwardness.
//!
//! It reads the files that [`company`] writes, never the program's code, and every number that the program prints for all, each team and
//! each person is compared, week by week and over ranges. What the rules leave open the files leave out; see [`company`].

mod advance;
mod by_hand;
mod coaching;
mod company;
mod compare;
mod measures;
mod world;
